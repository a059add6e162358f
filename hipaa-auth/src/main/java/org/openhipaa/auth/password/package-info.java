/**
 * Log-in with a user id and a password: accounts, their passwords, and the one way from a password
 * to an actor. For applications that keep their own accounts.
 */
@NullMarked
package org.openhipaa.auth.password;

import org.jspecify.annotations.NullMarked;
