/** Sealed records as files in a directory: the embedded default. */
@NullMarked
package org.openhipaa.core.phi.file;

import org.jspecify.annotations.NullMarked;
