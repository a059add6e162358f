package org.openhipaa.backup.repository;

import org.openhipaa.backup.snapshot.Snapshot;

/**
 * What a backup did.
 *
 * @param snapshot what was backed up
 * @param chunksWritten how many chunks were new
 * @param bytesWritten the size of the new chunks in the store
 * @param chunksReused how many chunks were there already
 */
public record BackupReport(
    Snapshot snapshot, long chunksWritten, long bytesWritten, long chunksReused) {}
