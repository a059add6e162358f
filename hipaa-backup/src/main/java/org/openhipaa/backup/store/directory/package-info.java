/** A repository kept in a directory or on a removable medium: the embedded default. */
@NullMarked
package org.openhipaa.backup.store.directory;

import org.jspecify.annotations.NullMarked;
