package org.openhipaa.testkit.policy;

import java.util.Arrays;
import java.util.HashSet;
import org.openhipaa.core.access.Decision;
import org.openhipaa.core.access.Decision.Permit;

/** What a decision tells the application, without the rules that tell it. */
final class Told {
  static final Object DENIED = "denied";

  private Told() {}

  static Object by(Decision decision) {
    return decision instanceof Permit permit
        ? Arrays.asList(
            permit.fields(),
            new HashSet<>(permit.quotas()),
            permit.timeToLive(),
            permit.notified(),
            permit.watermarks())
        : DENIED;
  }
}
