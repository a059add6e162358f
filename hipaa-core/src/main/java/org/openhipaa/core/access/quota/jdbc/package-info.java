/** Quota counters in an SQL database, shared by all instances of an application. */
@NullMarked
package org.openhipaa.core.access.quota.jdbc;

import org.jspecify.annotations.NullMarked;
