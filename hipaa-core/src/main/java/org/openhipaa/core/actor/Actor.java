package org.openhipaa.core.actor;

import java.time.Instant;
import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.openhipaa.core.record.Attributes;

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
  private final Attributes attributes;

  private Actor(
      ActorId id,
      SortedSet<Group> groups,
      Assurance assurance,
      Instant authenticatedAt,
      Attributes attributes) {
    this.id = id;
    this.groups = groups;
    this.assurance = assurance;
    this.authenticatedAt = authenticatedAt;
    this.attributes = attributes;
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
        id,
        Collections.unmodifiableSortedSet(new TreeSet<>(groups)),
        assurance,
        authenticatedAt,
        Attributes.none());
  }

  /**
   * Adds what else is known of the actor, such as the department.
   *
   * @param known replaces the attributes so far
   * @return a copy with these attributes
   */
  public Actor with(Attributes known) {
    return new Actor(id, groups, assurance, authenticatedAt, known);
  }

  /**
   * Says where the actor works at the moment, as the attributes {@code workstation} and {@code
   * location}.
   *
   * @param workstation the workstation's name
   * @param location the place's name
   * @return a copy with both
   */
  public Actor at(String workstation, String location) {
    return with(attributes.with("workstation", workstation).with("location", location));
  }

  /**
   * Gives the actor other groups, such as those of grants that hold at the moment.
   *
   * @param now replaces the groups so far
   * @return a copy with these groups
   */
  public Actor in(Set<Group> now) {
    return new Actor(
        id,
        Collections.unmodifiableSortedSet(new TreeSet<>(now)),
        assurance,
        authenticatedAt,
        attributes);
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

  /**
   * What else is known of the actor.
   *
   * @return the attributes that a policy names with {@code actor.}
   */
  public Attributes attributes() {
    return attributes;
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
