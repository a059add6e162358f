package org.openhipaa.core.actor;

import java.time.Instant;
import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A person or program whose identity was verified (45 CFR 164.312(d)). Only an authenticator should
 * make one; an application that trusts another identity provider makes it after that provider has
 * answered.
 *
 * <p>Immutable and thread-safe.
 */
public final class Actor {
  private final ActorId id;
  private final SortedSet<Group> groups;
  private final Assurance assurance;
  private final Instant authenticatedAt;

  private Actor(ActorId id, SortedSet<Group> groups, Assurance assurance, Instant authenticatedAt) {
    this.id = id;
    this.groups = groups;
    this.assurance = assurance;
    this.authenticatedAt = authenticatedAt;
  }

  /**
   * Makes an actor from a completed authentication.
   *
   * @param id who
   * @param groups the user groups, possibly none (then the policy will refuse everything)
   * @param assurance how surely
   * @param authenticatedAt when
   * @return the actor
   */
  public static Actor authenticated(
      ActorId id, Set<Group> groups, Assurance assurance, Instant authenticatedAt) {
    return new Actor(
        id, Collections.unmodifiableSortedSet(new TreeSet<>(groups)), assurance, authenticatedAt);
  }

  /**
   * Who.
   *
   * @return the unique id
   */
  public ActorId id() {
    return id;
  }

  /**
   * The user groups.
   *
   * @return unmodifiable, sorted
   */
  public SortedSet<Group> groups() {
    return groups;
  }

  /**
   * How surely the identity was verified.
   *
   * @return the level
   */
  public Assurance assurance() {
    return assurance;
  }

  /**
   * When the identity was verified.
   *
   * @return the time by the authenticator's clock
   */
  public Instant authenticatedAt() {
    return authenticatedAt;
  }

  @Override
  public String toString() {
    return "Actor("
        + id.value()
        + ", "
        + groups.stream().map(Group::value).toList()
        + ", "
        + assurance
        + ")";
  }
}
