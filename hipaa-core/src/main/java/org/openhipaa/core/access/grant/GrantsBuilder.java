package org.openhipaa.core.access.grant;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.AccessDecider;
import org.openhipaa.core.access.rules.PolicyModel;
import org.openhipaa.core.alarm.AlarmSink;
import org.openhipaa.core.audit.AuditSink;

/** Collects what {@link Grants} needs. Not thread-safe. */
public final class GrantsBuilder {
  @Nullable
  AccessDecider policy;

  @Nullable
  Supplier<PolicyModel> model;

  @Nullable
  BaseGroups baseGroups;

  @Nullable
  GrantStore store;

  @Nullable
  AuditSink audit;

  @Nullable
  AlarmSink alarms;

  final Map<String, TerminationHook> hooks = new LinkedHashMap<>();
  GrantLimits limits = GrantLimits.defaults();
  Clock clock = Clock.systemUTC();
  SecureRandom random = new SecureRandom();

  GrantsBuilder() {}

  /**
   * Says who may ask, approve and terminate. Required.
   *
   * @param decider the policy
   * @return this
   */
  public GrantsBuilder policy(AccessDecider decider) {
    this.policy = decider;
    return this;
  }

  /**
   * Knows the groups and which of them exclude each other. Required.
   *
   * @param current gives the model of the policy in force
   * @return this
   */
  public GrantsBuilder model(Supplier<PolicyModel> current) {
    this.model = current;
    return this;
  }

  /**
   * Knows the groups that people are in anyway. Required: duties cannot be kept apart without.
   *
   * @param directory looks them up
   * @return this
   */
  public GrantsBuilder baseGroups(BaseGroups directory) {
    this.baseGroups = directory;
    return this;
  }

  /**
   * Keeps the grants. Required.
   *
   * @param keeper the store
   * @return this
   */
  public GrantsBuilder store(GrantStore keeper) {
    this.store = keeper;
    return this;
  }

  /**
   * Records the steps. Required.
   *
   * @param sink the audit log
   * @return this
   */
  public GrantsBuilder audit(AuditSink sink) {
    this.audit = sink;
    return this;
  }

  /**
   * Hears of terminations that are not complete. Required.
   *
   * @param sink takes the alarms
   * @return this
   */
  public GrantsBuilder alarms(AlarmSink sink) {
    this.alarms = sink;
    return this;
  }

  /**
   * Adds something that ends with a person's access.
   *
   * @param name stands in reports and in the log, such as {@code sessions}
   * @param hook ends it
   * @return this
   * @throws IllegalArgumentException if there is a hook of this name
   */
  public GrantsBuilder onTermination(String name, TerminationHook hook) {
    if (hooks.putIfAbsent(name, hook) != null) {
      throw new IllegalArgumentException("there are two termination hooks of one name");
    }
    return this;
  }

  /**
   * Sets durations; {@link GrantLimits#defaults} without it.
   *
   * @param bounds the limits
   * @return this
   */
  public GrantsBuilder limits(GrantLimits bounds) {
    this.limits = bounds;
    return this;
  }

  /**
   * Tells the time; the system's clock without it.
   *
   * @param time the clock
   * @return this
   */
  public GrantsBuilder clock(Clock time) {
    this.clock = time;
    return this;
  }

  /**
   * Makes ids.
   *
   * @param source the source of randomness
   * @return this
   */
  public GrantsBuilder random(SecureRandom source) {
    this.random = source;
    return this;
  }

  /**
   * Makes the service.
   *
   * @return the service
   * @throws NullPointerException if a required part is missing; the message names it
   */
  public Grants build() {
    return new Grants(this);
  }
}
