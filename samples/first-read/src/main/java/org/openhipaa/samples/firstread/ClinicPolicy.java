package org.openhipaa.samples.firstread;

import static org.openhipaa.core.actor.Action.CREATE;
import static org.openhipaa.core.actor.Action.EXPORT;
import static org.openhipaa.core.actor.Action.READ;
import static org.openhipaa.core.actor.Action.UPDATE;
import static org.openhipaa.core.actor.Purpose.OPERATIONS;
import static org.openhipaa.core.actor.Purpose.PAYMENT;
import static org.openhipaa.core.actor.Purpose.SYSTEM_ADMINISTRATION;
import static org.openhipaa.core.actor.Purpose.TREATMENT;
import static org.openhipaa.core.mask.Mask.INITIAL;
import static org.openhipaa.core.mask.Mask.LAST_FOUR;
import static org.openhipaa.core.mask.Mask.YEAR;
import static org.openhipaa.core.mask.Mask.ZIP3;

import java.time.Duration;
import org.openhipaa.core.access.AccessPolicy;

/** The clinic's policy in Java: says the same as {@code policy.yaml}, to the letter of its hash. */
final class ClinicPolicy {
  private static final String[] ALL = {
    "firstName",
    "lastName",
    "birthDate",
    "sex",
    "ssn",
    "street",
    "city",
    "zip",
    "conditions",
    "payer",
    "claimTotal"
  };

  private ClinicPolicy() {}

  static AccessPolicy inJava() {
    return AccessPolicy.builder("first-read clinic")
        .groups("registrar", "nurse", "billing-clerk", "support")
        .relations("treating")
        .recordType("patient", ALL)
        .recordType("incident")
        .permit(
            "registrar-registers",
            rule -> rule.groups("registrar")
                .actions(CREATE, UPDATE)
                .recordType("patient")
                .purposes(OPERATIONS)
                .show(ALL))
        .permit(
            "nurse-treats",
            rule -> rule.groups("nurse")
                .actions(READ)
                .recordType("patient")
                .purposes(TREATMENT)
                .when("treating")
                .show("firstName", "lastName", "birthDate", "sex", "conditions")
                .mask(LAST_FOUR, "ssn")
                .quota(2, Duration.ofHours(1)))
        .permit(
            "billing-bills",
            rule -> rule.groups("billing-clerk")
                .actions(READ)
                .recordType("patient")
                .purposes(PAYMENT)
                .show("lastName", "payer", "claimTotal")
                .mask(INITIAL, "firstName")
                .mask(YEAR, "birthDate")
                .mask(ZIP3, "zip")
                .mask(LAST_FOUR, "ssn")
                .quota(20, Duration.ofHours(1)))
        .deny("nobody-exports", rule -> rule.actions(EXPORT).recordType("patient"))
        .permit(
            "support-handles-incidents",
            rule -> rule.groups("support")
                .actions(READ, UPDATE)
                .recordType("incident")
                .purposes(SYSTEM_ADMINISTRATION))
        .build();
  }
}
