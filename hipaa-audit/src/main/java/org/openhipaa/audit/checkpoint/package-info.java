/**
 * Signed tree heads in the forms of C2SP signed-note, tlog-checkpoint and tlog-proof, for whoever checks a log without
 * trusting the machine that keeps it.
 */
@NullMarked
package org.openhipaa.audit.checkpoint;

import org.jspecify.annotations.NullMarked;
