/**
 * Sealed envelopes and keyrings: encryption helpers in which an application never sees a key, a
 * nonce or an algorithm choice.
 */
@NullMarked
package org.openhipaa.core.crypto;

import org.jspecify.annotations.NullMarked;
