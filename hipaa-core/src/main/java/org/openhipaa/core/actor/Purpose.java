package org.openhipaa.core.actor;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Why PHI is used or disclosed. Every request states one (45 CFR 164.502(a), 164.506). The codes
 * are those of the HL7 code system PurposeOfUse ({@code v3-ActReason}).
 */
public enum Purpose {
  /** Treatment of the patient. */
  TREATMENT("TREAT"),
  /** Treatment in an emergency. */
  EMERGENCY_TREATMENT("ETREAT"),
  /** Payment for care. */
  PAYMENT("HPAYMT"),
  /** Health care operations. */
  OPERATIONS("HOPERAT"),
  /** Research. */
  RESEARCH("HRESCH"),
  /** Public health. */
  PUBLIC_HEALTH("PUBHLTH"),
  /** The patient asks for their own data. */
  PATIENT_REQUEST("PATRQT"),
  /** Legal proceedings. */
  LEGAL("HLEGAL"),
  /** The family or others involved in care ask (45 CFR 164.510(b)). */
  FAMILY_REQUEST("FAMRQT"),
  /** The facility directory (45 CFR 164.510(a)). */
  DIRECTORY("HDIRECT"),
  /** Marketing (45 CFR 164.508(a)(3)). */
  MARKETING("HMARKT"),
  /** Training of health care staff. */
  TRAINING("TRAIN"),
  /** Averting a serious threat (45 CFR 164.512(j)). */
  THREAT("THREAT"),
  /** Relief after a disaster (45 CFR 164.510(b)(4)). */
  DISASTER("DISASTER"),
  /** Donation of organs (45 CFR 164.512(h)). */
  DONATION("DONAT"),
  /** Keeping the systems that hold the data running and whole. */
  SYSTEM_ADMINISTRATION("HSYSADMIN");

  private final String code;

  Purpose(String code) {
    this.code = code;
  }

  /**
   * The HL7 code.
   *
   * @return for instance {@code TREAT}
   */
  public String code() {
    return code;
  }

  /**
   * The name that policy files use.
   *
   * @return for instance {@code emergency-treatment}
   */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Finds a purpose by its label or its HL7 code.
   *
   * @param text for instance {@code treatment} or {@code TREAT}
   * @return the purpose, or empty if there is none
   */
  public static Optional<Purpose> find(String text) {
    return Arrays.stream(values())
        .filter(p -> p.label().equals(text) || p.code.equals(text))
        .findFirst();
  }
}
