/** Cuts content into chunks, names them by a keyed digest and seals them; not for applications. */
@NullMarked
package org.openhipaa.backup.chunk;

import org.jspecify.annotations.NullMarked;
