package org.openhipaa.core.crypto;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Wrapped keys in memory, open to a test that wants to damage them. */
public final class MapWrappedKeyStore implements WrappedKeyStore {
  public final Map<String, byte[]> blobs = new ConcurrentHashMap<>();

  @Override
  public Optional<byte[]> find(String name) {
    return Optional.ofNullable(blobs.get(name)).map(byte[]::clone);
  }

  @Override
  public boolean create(String name, byte[] wrapped) {
    return blobs.putIfAbsent(name, wrapped.clone()) == null;
  }

  /** The name of the only patient key. */
  public String onlyPatient() {
    return blobs.keySet().stream()
        .filter(n -> n.startsWith("patient-"))
        .findFirst()
        .orElseThrow();
  }
}
