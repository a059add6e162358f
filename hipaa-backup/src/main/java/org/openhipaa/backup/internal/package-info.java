/** Plumbing of this module: rejected objects, audit and alarms; not for applications. */
@NullMarked
package org.openhipaa.backup.internal;

import org.jspecify.annotations.NullMarked;
