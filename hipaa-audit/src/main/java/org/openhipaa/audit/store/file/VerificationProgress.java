package org.openhipaa.audit.store.file;

/** Hears how far a verification is. Called by the verifying thread. */
@FunctionalInterface
public interface VerificationProgress {
  /**
   * Called about once per mebibyte.
   *
   * @param done bytes verified so far
   * @param total bytes to verify
   */
  void verified(long done, long total);
}
