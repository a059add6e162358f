/** Brings a snapshot back, proven equal to what was backed up, or not at all. */
@NullMarked
package org.openhipaa.backup.restore;

import org.jspecify.annotations.NullMarked;
