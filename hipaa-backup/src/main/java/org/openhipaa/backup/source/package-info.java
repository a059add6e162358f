/**
 * The port to what is backed up, and the file tree that implements it; for whoever adds another
 * source.
 */
@NullMarked
package org.openhipaa.backup.source;

import org.jspecify.annotations.NullMarked;
