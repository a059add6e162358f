package org.openhipaa.core.phi;

import java.security.SecureRandom;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.Relations;
import org.openhipaa.core.access.quota.QuotaStore;
import org.openhipaa.core.alarm.AlarmSink;
import org.openhipaa.core.audit.AuditSink;
import org.openhipaa.core.crypto.Keyring;

/**
 * Collects the parts of a front door; all but the relations, the clock and the random source are
 * needed. Not thread-safe.
 */
public final class PhiAccessBuilder {
  @Nullable
  AccessPolicy policy;

  Relations relations = Relations.none();

  @Nullable
  QuotaStore quotas;

  @Nullable
  Keyring keyring;

  @Nullable
  SealedRecordStore records;

  @Nullable
  AuditSink audit;

  @Nullable
  AlarmSink alarms;

  Clock clock = Clock.systemUTC();
  SecureRandom random = new SecureRandom();

  PhiAccessBuilder() {}

  /**
   * Who may do what.
   *
   * @param value the policy
   * @return this
   */
  public PhiAccessBuilder policy(AccessPolicy value) {
    this.policy = value;
    return this;
  }

  /**
   * Answers for the relations that the policy names; without it no relation holds.
   *
   * @param value the relations
   * @return this
   */
  public PhiAccessBuilder relations(Relations value) {
    this.relations = value;
    return this;
  }

  /**
   * Counts quotas.
   *
   * @param value the store
   * @return this
   */
  public PhiAccessBuilder quotas(QuotaStore value) {
    this.quotas = value;
    return this;
  }

  /**
   * The tenant's keys.
   *
   * @param value the keyring
   * @return this
   */
  public PhiAccessBuilder keyring(Keyring value) {
    this.keyring = value;
    return this;
  }

  /**
   * Keeps the sealed records.
   *
   * @param value the store
   * @return this
   */
  public PhiAccessBuilder records(SealedRecordStore value) {
    this.records = value;
    return this;
  }

  /**
   * Records every access.
   *
   * @param value the sink
   * @return this
   */
  public PhiAccessBuilder audit(AuditSink value) {
    this.audit = value;
    return this;
  }

  /**
   * Takes integrity alarms.
   *
   * @param value the sink
   * @return this
   */
  public PhiAccessBuilder alarms(AlarmSink value) {
    this.alarms = value;
    return this;
  }

  /**
   * Tells the time; the system's clock if never called.
   *
   * @param value the clock
   * @return this
   */
  public PhiAccessBuilder clock(Clock value) {
    this.clock = value;
    return this;
  }

  /**
   * Source of correlation ids; the system's if never called.
   *
   * @param value the random source
   * @return this
   */
  public PhiAccessBuilder random(SecureRandom value) {
    this.random = value;
    return this;
  }

  /**
   * Makes the front door.
   *
   * @return the front door
   * @throws NullPointerException if a needed part is missing; the message names it
   */
  public PhiAccess build() {
    return new PhiAccess(this);
  }
}
