package org.openhipaa.core.phi;

import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.record.RecordRef;

/**
 * Says what is known of a record before it is opened: its attributes and sensitivity labels, which
 * the conditions of a policy name.
 *
 * <p>For implementors: called from many threads, for every request, before anything is decided.
 * Answer from current data. When you cannot know, leave it out or throw: it is then unknown, and the
 * policy takes the side that protects the patient.
 */
@FunctionalInterface
public interface RecordFacts {
  /**
   * Describes a record.
   *
   * @param record which record; it may not exist
   * @param request takes {@link AccessRequest.Builder#attributes} and {@link
   *     AccessRequest.Builder#labels}
   */
  void describe(RecordRef record, AccessRequest.Builder request);

  /**
   * Knows nothing of any record.
   *
   * @return leaves attributes and labels unknown
   */
  static RecordFacts none() {
    return (record, request) -> {};
  }
}
