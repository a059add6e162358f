/** Leaf values that name records, patients and fields; they know nothing else. */
@NullMarked
package org.openhipaa.core.record;

import org.jspecify.annotations.NullMarked;
