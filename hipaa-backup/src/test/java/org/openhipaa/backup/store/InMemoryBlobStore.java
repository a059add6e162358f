package org.openhipaa.backup.store;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** A strict store in memory: it keeps copies and refuses what no store must accept. */
public final class InMemoryBlobStore implements BlobStore {
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9][a-z0-9-]{0,127}(/[a-z0-9][a-z0-9-]{0,127}){0,3}");

  private final Map<String, byte[]> blobs = new TreeMap<>();

  @Override
  public synchronized boolean create(String name, byte[] content) {
    return blobs.putIfAbsent(checked(name), content.clone()) == null;
  }

  @Override
  public synchronized boolean replace(String name, byte[] expected, byte[] content) {
    if (!Arrays.equals(blobs.get(checked(name)), expected)) {
      return false;
    }
    blobs.put(name, content.clone());
    return true;
  }

  @Override
  public synchronized Optional<byte[]> read(String name, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit " + limit);
    }
    return Optional.ofNullable(blobs.get(checked(name)))
        .map(bytes -> Arrays.copyOf(bytes, Math.min(bytes.length, limit)));
  }

  @Override
  public synchronized OptionalLong size(String name) {
    byte[] bytes = blobs.get(checked(name));
    return bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes.length);
  }

  @Override
  public void list(Consumer<StoredBlob> visitor) {
    content().forEach((name, bytes) -> visitor.accept(new StoredBlob(name, bytes.length)));
  }

  @Override
  public void removeLeftovers() {}

  /** What is in the store, by name. */
  public synchronized Map<String, byte[]> content() {
    return new TreeMap<>(blobs);
  }

  /** Does what no client can: puts anything under any name. */
  public synchronized void tamper(String name, byte[] bytes) {
    blobs.put(name, bytes.clone());
  }

  /** Does what no client can: removes an object. */
  public synchronized void remove(String name) {
    blobs.remove(name);
  }

  public synchronized InMemoryBlobStore copy() {
    InMemoryBlobStore copy = new InMemoryBlobStore();
    copy.blobs.putAll(blobs);
    return copy;
  }

  private static String checked(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not an object name");
    }
    return name;
  }
}
