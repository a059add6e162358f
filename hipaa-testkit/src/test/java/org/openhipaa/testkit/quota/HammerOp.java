package org.openhipaa.testkit.quota;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeSet;
import org.openhipaa.core.access.quota.QuotaCharge;
import org.openhipaa.core.access.rules.QuotaLimit;
import org.openhipaa.core.access.rules.QuotaMeasure;
import org.openhipaa.core.access.rules.QuotaScope;

/** One reservation of the hammer. Its id says all of it, so that the judge can work it out anew. */
record HammerOp(String id) {
  static final int USERS = 12;
  static final int GROUPS = 6;
  static final int PATIENTS = 40;
  static final Duration WINDOW = Duration.ofMinutes(10);

  /** So much later is each reservation than the one before, whatever the speed of the machine. */
  static final long STEP_MILLIS = 400;

  /** So chosen that a quarter to a half is denied, each limit having its share. */
  static final QuotaLimit PATIENTS_A_USER = limit(QuotaMeasure.PATIENTS, 14);

  static final QuotaLimit BYTES_A_USER = limit(QuotaMeasure.BYTES, 3000);
  static final QuotaLimit RECORDS_A_GROUP = limit(QuotaMeasure.RECORDS, 165);

  /**
   * Unique by process, thread and count; the rest by chance. Each user has one patient whom they see
   * all the time.
   */
  static HammerOp of(String unique, Random chance) {
    int user = chance.nextInt(USERS);
    return new HammerOp(unique
        + ":"
        + user
        + ":"
        + (chance.nextInt(3) > 0 ? user : chance.nextInt(PATIENTS))
        + ":"
        + chance.nextInt(100)
        + ":"
        + chance.nextInt(6));
  }

  List<QuotaCharge> charges() {
    String[] parts = id.split(":");
    int user = Integer.parseInt(parts[1]);
    int kind = Integer.parseInt(parts[4]);
    List<QuotaCharge> charges = new ArrayList<>();
    charges.add(new QuotaCharge("group" + user % GROUPS, RECORDS_A_GROUP, id, 1));
    if (kind >= 1) {
      charges.add(new QuotaCharge("user" + user, PATIENTS_A_USER, "patient" + parts[2], 1));
    }
    if (kind >= 4) {
      charges.add(new QuotaCharge("bytes" + user, BYTES_A_USER, id, Long.parseLong(parts[3])));
    }
    Collections.shuffle(charges, new Random(id.hashCode()));
    return charges;
  }

  boolean countsBytes() {
    return charges().stream().anyMatch(c -> c.limit().measure() == QuotaMeasure.BYTES);
  }

  private static QuotaLimit limit(QuotaMeasure measure, long hard) {
    return new QuotaLimit(
        measure, QuotaScope.USER, hard, OptionalLong.empty(), WINDOW, new TreeSet<>());
  }
}
