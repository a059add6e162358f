/** Limits on the quantity of PHI that one person may read in a window of time. */
@NullMarked
package org.openhipaa.core.access.quota;

import org.jspecify.annotations.NullMarked;
