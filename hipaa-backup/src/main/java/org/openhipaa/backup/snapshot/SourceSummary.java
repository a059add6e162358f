package org.openhipaa.backup.snapshot;

import org.openhipaa.backup.source.SourceName;

/**
 * One source in a snapshot.
 *
 * @param name what it is called
 * @param files how many files it has
 * @param directories how many folders it has, itself included
 * @param bytes the size of all its files together
 * @param digest proves a copy equal to what was read
 */
public record SourceSummary(
    SourceName name, long files, long directories, long bytes, TreeDigest digest) {}
