package org.openhipaa.backup.store;

/**
 * An object that a store holds.
 *
 * @param name its name; of things that others put into the store, whatever it is called there
 * @param size its size in bytes, or -1 if it is no plain object, such as a link or a pipe
 */
public record StoredBlob(String name, long size) {}
