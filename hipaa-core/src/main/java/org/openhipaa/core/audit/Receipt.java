package org.openhipaa.core.audit;

/**
 * Proof that an event is durably recorded: which log, at which position, under which hash. PHI is
 * released only against a receipt.
 *
 * @param log the origin line of the log that holds the entry
 * @param index the entry's position in the log, from 0
 * @param leafHash the entry's Merkle leaf hash (RFC 9162 section 2.1.1), 64 lower-case hexadecimal
 *     digits
 */
public record Receipt(String log, long index, String leafHash) {}
