/** Leaf values that say who acts, how surely we know it, and for what purpose. */
@NullMarked
package org.openhipaa.core.actor;

import org.jspecify.annotations.NullMarked;
