/** Incidents in any SQL database; the built-in implementation of the incident store. */
@NullMarked
package org.openhipaa.audit.incident.jdbc;

import org.jspecify.annotations.NullMarked;
