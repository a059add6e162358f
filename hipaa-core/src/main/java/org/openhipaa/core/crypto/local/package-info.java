/** Keys kept on the local disk: the embedded defaults of the key ports. */
@NullMarked
package org.openhipaa.core.crypto.local;

import org.jspecify.annotations.NullMarked;
