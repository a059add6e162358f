/** Uses of break-glass in any SQL database; the built-in implementation of the port. */
@NullMarked
package org.openhipaa.core.access.breakglass.jdbc;

import org.jspecify.annotations.NullMarked;
