/** Masks that leave of a value the minimum necessary. */
@NullMarked
package org.openhipaa.core.mask;

import org.jspecify.annotations.NullMarked;
