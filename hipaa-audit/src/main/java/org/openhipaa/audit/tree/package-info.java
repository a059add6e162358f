/**
 * Merkle tree hashing and proofs of RFC 6962 and RFC 9162 section 2.1, for whoever must show that an entry is in a log or
 * that a log only grew.
 */
@NullMarked
package org.openhipaa.audit.tree;

import org.jspecify.annotations.NullMarked;
