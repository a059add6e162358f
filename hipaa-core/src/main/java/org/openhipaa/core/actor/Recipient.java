package org.openhipaa.core.actor;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Who a disclosure goes to, in kind (45 CFR 160.103, 164.502, 164.522). */
public enum Recipient {
  /** The patient. */
  PATIENT,
  /** A person who acts for the patient (45 CFR 164.502(g)). */
  PERSONAL_REPRESENTATIVE,
  /** Family or others involved in the patient's care (45 CFR 164.510(b)). */
  FAMILY,
  /** A health care provider. */
  PROVIDER,
  /** A health plan. */
  HEALTH_PLAN,
  /** A business associate. */
  BUSINESS_ASSOCIATE,
  /** A public health or oversight authority. */
  AUTHORITY,
  /** A court or a party to a legal proceeding. */
  COURT,
  /** A researcher. */
  RESEARCHER,
  /** Anybody else. */
  OTHER;

  private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /**
   * The name that policy files use.
   *
   * @return for instance {@code health-plan}
   */
  public String label() {
    return label;
  }

  /**
   * Finds a recipient by its label.
   *
   * @param label for instance {@code health-plan}
   * @return the recipient, or empty if there is none
   */
  public static Optional<Recipient> find(String label) {
    return Arrays.stream(values()).filter(r -> r.label().equals(label)).findFirst();
  }
}
