package org.openhipaa.core.access.analysis;

import org.openhipaa.core.access.AccessRequest;

/**
 * A request that shows what an analysis says: put to the policy it decides as stated. Its actor,
 * patient and values are made up; of several such requests it is one of the least unusual.
 *
 * <p>Immutable and thread-safe.
 */
public final class Witness {
  private final AccessRequest request;
  private final String words;

  Witness(AccessRequest request, String words) {
    this.request = request;
    this.words = words;
  }

  /**
   * The request.
   *
   * @return a request to put to the policy
   */
  public AccessRequest request() {
    return request;
  }

  /**
   * What matters of the request, in words. Names groups, attributes and constants of the policy.
   *
   * @return for instance {@code in group nurse, the relation treating holds}
   */
  public String words() {
    return words;
  }

  /** Prints what matters of the request. */
  @Override
  public String toString() {
    return words;
  }
}
