package org.openhipaa.core.access.breakglass;

import org.openhipaa.core.record.PatientId;

/**
 * Tells a patient that somebody broke the glass for their record.
 *
 * <p>For implementors: called from many threads. Return once the message is surely on its way;
 * throw if it is not. May be called again for the same use after a crash. Use the address that the
 * patient asked for (45 CFR 164.522(b)).
 */
@FunctionalInterface
public interface PatientNotifier {
  /**
   * Tells.
   *
   * @param patient whom
   * @param use what happened
   */
  void tell(PatientId patient, BreakGlassUse use);
}
