/** Shared plumbing of the openhipaa modules; not for applications, may change without notice. */
@NullMarked
package org.openhipaa.core.internal;

import org.jspecify.annotations.NullMarked;
