/** Proves that nothing in a repository was altered, removed or added, or says what was. */
@NullMarked
package org.openhipaa.backup.verify;

import org.jspecify.annotations.NullMarked;
