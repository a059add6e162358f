/**
 * Accounts in a relational database; for applications that have one, alone or shared by several
 * processes.
 */
@NullMarked
package org.openhipaa.auth.password.jdbc;

import org.jspecify.annotations.NullMarked;
