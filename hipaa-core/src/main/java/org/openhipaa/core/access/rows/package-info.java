/** The rows that a policy lets a search find, as a filter in Java, as SQL, and as PostgreSQL row-level security. */
@NullMarked
package org.openhipaa.core.access.rows;

import org.jspecify.annotations.NullMarked;
