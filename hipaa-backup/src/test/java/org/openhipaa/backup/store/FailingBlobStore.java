package org.openhipaa.backup.store;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Breaks at the n-th call and stays broken, as a killed process or a lost medium does, before or
 * after the call took effect.
 */
public final class FailingBlobStore implements BlobStore {
  private final BlobStore store;
  private final int failAt;
  private final boolean afterEffect;
  private int calls;

  public FailingBlobStore(BlobStore store, int failAt, boolean afterEffect) {
    this.store = store;
    this.failAt = failAt;
    this.afterEffect = afterEffect;
  }

  public int calls() {
    return calls;
  }

  public boolean hasFailed() {
    return calls >= failAt;
  }

  @Override
  public boolean create(String name, byte[] content) {
    return call(() -> store.create(name, content));
  }

  @Override
  public boolean replace(String name, byte[] expected, byte[] content) {
    return call(() -> store.replace(name, expected, content));
  }

  @Override
  public Optional<byte[]> read(String name, int limit) {
    return call(() -> store.read(name, limit));
  }

  @Override
  public OptionalLong size(String name) {
    return call(() -> store.size(name));
  }

  @Override
  public void list(Consumer<StoredBlob> visitor) {
    call(() -> {
      store.list(visitor);
      return true;
    });
  }

  @Override
  public void removeLeftovers() {
    call(() -> {
      store.removeLeftovers();
      return true;
    });
  }

  private <T> T call(Supplier<T> call) {
    calls++;
    boolean fails = calls >= failAt;
    boolean happens = !fails || (calls == failAt && afterEffect);
    T result = happens ? call.get() : null;
    if (fails) {
      throw new StoreFailedException("the store broke at call " + calls);
    }
    return result;
  }
}
