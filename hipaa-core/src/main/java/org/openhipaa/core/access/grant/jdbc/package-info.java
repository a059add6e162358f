/** Grants in any SQL database; the built-in implementation of the port. */
@NullMarked
package org.openhipaa.core.access.grant.jdbc;

import org.jspecify.annotations.NullMarked;
