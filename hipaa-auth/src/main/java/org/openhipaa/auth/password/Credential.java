package org.openhipaa.auth.password;

import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Group;

/**
 * One account as a {@link CredentialStore} keeps it. Immutable and thread-safe; it holds a password
 * hash, so it is no Java record and prints its id only.
 */
public final class Credential {
  private final ActorId id;
  private final SortedSet<Group> groups;
  private final String passwordHash;
  private final boolean enabled;
  private final Throttle throttle;
  private final long version;

  /**
   * Makes an account's state, as a store reads it.
   *
   * @param id whose account
   * @param groups the user groups
   * @param passwordHash the hash in PHC string format, up to 255 ASCII characters; kept as it is
   * @param enabled false if the account accepts no log-in
   * @param throttle how the recent attempts have gone
   * @param version a number that the store changes with every change of the account; 0 for a new
   *     one
   */
  public Credential(
      ActorId id,
      Set<Group> groups,
      String passwordHash,
      boolean enabled,
      Throttle throttle,
      long version) {
    this.id = id;
    this.groups = Collections.unmodifiableSortedSet(new TreeSet<>(groups));
    this.passwordHash = passwordHash;
    this.enabled = enabled;
    this.throttle = throttle;
    this.version = version;
  }

  /**
   * Whose account.
   *
   * @return the unique id, never given to anybody else
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
   * The password hash. Secret: keep it out of logs and messages.
   *
   * @return the hash in PHC string format
   */
  public String passwordHash() {
    return passwordHash;
  }

  /**
   * Whether the account accepts log-ins.
   *
   * @return false once disabled
   */
  public boolean enabled() {
    return enabled;
  }

  /**
   * How the recent attempts have gone.
   *
   * @return the count and the wait
   */
  public Throttle throttle() {
    return throttle;
  }

  /**
   * Which state of the account this is; what {@link CredentialStore#replace} compares.
   *
   * @return the store's number
   */
  public long version() {
    return version;
  }

  Credential withGroups(Set<Group> newGroups) {
    return new Credential(id, newGroups, passwordHash, enabled, throttle, version);
  }

  Credential withPasswordHash(String newHash) {
    return new Credential(id, groups, newHash, enabled, throttle, version);
  }

  Credential withThrottle(Throttle newThrottle) {
    return new Credential(id, groups, passwordHash, enabled, newThrottle, version);
  }

  Credential disabled() {
    return new Credential(id, groups, passwordHash, false, throttle, version);
  }

  @Override
  public String toString() {
    return "Credential(" + id.value() + ")";
  }
}
