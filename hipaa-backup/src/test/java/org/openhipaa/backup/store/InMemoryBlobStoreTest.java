package org.openhipaa.backup.store;

/** The store that the other tests use keeps the contract too. */
class InMemoryBlobStoreTest extends BlobStoreContract {
  @Override
  protected BlobStore empty() {
    return new InMemoryBlobStore();
  }
}
