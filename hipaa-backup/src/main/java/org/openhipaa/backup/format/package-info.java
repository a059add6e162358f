/** Reader and writer of the repository format, version 1; not for applications. */
@NullMarked
package org.openhipaa.backup.format;

import org.jspecify.annotations.NullMarked;
