/**
 * The audit log as files of one directory: written with one flush for many waiting callers, read, verified and repaired from
 * nothing but its own bytes. For applications that embed a log and for operators who check one.
 */
@NullMarked
package org.openhipaa.audit.store.file;

import org.jspecify.annotations.NullMarked;
