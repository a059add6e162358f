/** Quota counters in the memory of one process. */
@NullMarked
package org.openhipaa.core.access.quota.memory;

import org.jspecify.annotations.NullMarked;
