/** A small clinic from the first log-in to the restored backup, told as a story on the terminal. */
@NullMarked
package org.openhipaa.samples.firstread;

import org.jspecify.annotations.NullMarked;
