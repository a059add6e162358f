package org.openhipaa.audit.store.file;

import org.openhipaa.audit.entry.AuditEntry;
import org.openhipaa.audit.tree.TreeHash;

/**
 * An entry at its place in the log.
 *
 * @param index its position, from 0
 * @param leafHash its Merkle leaf hash
 * @param entry what it says; prints no subject
 */
public record LoggedEntry(long index, TreeHash leafHash, AuditEntry entry) {}
