/** The audit event and the port it is recorded through; the log itself lives in its own module. */
@NullMarked
package org.openhipaa.core.audit;

import org.jspecify.annotations.NullMarked;
