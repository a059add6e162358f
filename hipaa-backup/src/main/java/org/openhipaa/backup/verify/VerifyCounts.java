package org.openhipaa.backup.verify;

/**
 * How much a verification looked at.
 *
 * @param snapshots how many snapshots
 * @param chunks how many chunks that snapshots refer to
 * @param bytes the size of all objects read, in bytes
 * @param files how many files, counted in each snapshot; 0 without keys
 * @param unreferencedChunks how many chunks no snapshot refers to: interrupted backups leave such;
 *     harmless
 */
public record VerifyCounts(
    long snapshots, long chunks, long bytes, long files, long unreferencedChunks) {}
