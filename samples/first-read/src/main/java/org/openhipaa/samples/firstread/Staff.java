package org.openhipaa.samples.firstread;

import org.openhipaa.core.actor.ActorId;

/** The people who work at the clinic. */
final class Staff {
  static final ActorId REGISTRAR = ActorId.of("rita.registrar");
  static final ActorId NURSE = ActorId.of("nora.nurse");
  static final ActorId BILLING = ActorId.of("ben.billing");
  static final ActorId SUPPORT = ActorId.of("sam.support");

  private Staff() {}
}
