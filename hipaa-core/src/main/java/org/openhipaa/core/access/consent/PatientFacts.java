package org.openhipaa.core.access.consent;

import org.openhipaa.core.record.PatientId;

/**
 * Knows what rules of law hang on: when a patient was born, and whether they live.
 *
 * <p>For implementors: called from many threads, at every decision. Answer from current data; leave
 * out what is not known; throw if you cannot look it up, and the request is denied.
 */
@FunctionalInterface
public interface PatientFacts {
  /**
   * Looks them up.
   *
   * @param patient who
   * @return what is known, possibly nothing
   */
  PatientStatus of(PatientId patient);

  /**
   * Knows nothing of anybody: nobody is a minor, nobody has died.
   *
   * @return the facts
   */
  static PatientFacts none() {
    return patient -> PatientStatus.unknown();
  }
}
