package org.openhipaa.core.phi;

import java.security.SecureRandom;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.AccessDecider;
import org.openhipaa.core.access.Predicates;
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
  AccessDecider policy;

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

  Predicates predicates = Predicates.none();
  RecordFacts facts = RecordFacts.none();
  AccessNotifier notifier = (groups, event) -> {
    throw new IllegalStateException("no notifier was given");
  };
  Clock clock = Clock.systemUTC();
  SecureRandom random = new SecureRandom();

  PhiAccessBuilder() {}

  /**
   * Who may do what.
   *
   * <p>{@code PhiAccess.builder().policy(policy)} alone takes break-glass tickets as genuine: with
   * break-glass rules, give it {@link org.openhipaa.core.access.breakglass.BreakGlass#decider
   * breakGlass.decider()}.
   *
   * @param value the policy, a policy file that is reloaded, or either with guards
   * @return this
   */
  public PhiAccessBuilder policy(AccessDecider value) {
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
   * Answers for the predicates that the policy names; without it none is known.
   *
   * @param value the predicates
   * @return this
   */
  public PhiAccessBuilder predicates(Predicates value) {
    this.predicates = value;
    return this;
  }

  /**
   * Says what is known of a record before it is opened; without it nothing is.
   *
   * @param value attributes and labels of records
   * @return this
   */
  public PhiAccessBuilder facts(RecordFacts value) {
    this.facts = value;
    return this;
  }

  /**
   * Tells people of accesses as the policy demands; without it, what demands a notice is refused.
   *
   * @param value the notifier
   * @return this
   */
  public PhiAccessBuilder notifier(AccessNotifier value) {
    this.notifier = value;
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
