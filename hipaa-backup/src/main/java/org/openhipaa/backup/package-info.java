/** What every verb of this module shares; for whoever runs backups and wants to watch them. */
@NullMarked
package org.openhipaa.backup;

import org.jspecify.annotations.NullMarked;
