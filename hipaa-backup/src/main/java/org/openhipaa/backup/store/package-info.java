/** The port to the place that keeps a repository's objects; for whoever connects another medium. */
@NullMarked
package org.openhipaa.backup.store;

import org.jspecify.annotations.NullMarked;
