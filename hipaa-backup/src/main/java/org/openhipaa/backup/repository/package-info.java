/** The encrypted repository: make it, open it, list it, back up into it. */
@NullMarked
package org.openhipaa.backup.repository;

import org.jspecify.annotations.NullMarked;
