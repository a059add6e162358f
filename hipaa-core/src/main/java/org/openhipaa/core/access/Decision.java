package org.openhipaa.core.access;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.openhipaa.core.access.rules.QuotaLimit;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.FieldPath;

/**
 * The answer of an {@link AccessPolicy}. Names rules and codes, never a patient. Immutable and
 * thread-safe.
 */
public sealed interface Decision {
  /**
   * The rules that decided, by id.
   *
   * @return unmodifiable; empty if no rule matched
   */
  List<String> rules();

  /**
   * The version of the policy that decided.
   *
   * @return the policy's hash
   */
  String policyHash();

  /**
   * Handles both cases.
   *
   * @param permit what to do if permitted
   * @param deny what to do if denied
   * @param <R> the type of the result
   * @return what the chosen function returned
   */
  <R> R fold(
      Function<? super Permit, ? extends R> permit, Function<? super Deny, ? extends R> deny);

  /**
   * Tells whether the request is permitted, subject to its obligations.
   *
   * @return true for a {@link Permit}
   */
  default boolean permitted() {
    return this instanceof Permit;
  }

  /**
   * Permitted, if the obligations are met. What has to be true before a permit can be given, such as
   * an approval, is checked by the policy itself; what remains is here, and {@code PhiAccess} meets
   * all of it.
   *
   * @param rules the permitting rules
   * @param policyHash the policy's hash
   * @param fields the requested fields that may be used, each with the mask to apply; unmodifiable
   * @param quotas the quotas to charge before anything is read
   * @param timeToLive how long a released value may be kept, if limited
   * @param notified the groups to tell before anything is released
   * @param watermarks the texts that whatever shows the values must show with them
   */
  record Permit(
      List<String> rules,
      String policyHash,
      SortedMap<FieldPath, Mask> fields,
      List<QuotaObligation> quotas,
      Optional<Duration> timeToLive,
      SortedSet<Group> notified,
      SortedSet<String> watermarks)
      implements Decision {
    /**
     * Copies the collections.
     *
     * @param rules see {@link #rules()}
     * @param policyHash see {@link #policyHash()}
     * @param fields see {@link #fields()}
     * @param quotas see {@link #quotas()}
     * @param timeToLive see {@link #timeToLive()}
     * @param notified see {@link #notified()}
     * @param watermarks see {@link #watermarks()}
     */
    public Permit {
      rules = List.copyOf(rules);
      quotas = List.copyOf(quotas);
      fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
      notified = Collections.unmodifiableSortedSet(new TreeSet<>(notified));
      watermarks = Collections.unmodifiableSortedSet(new TreeSet<>(watermarks));
    }

    @Override
    public <R> R fold(
        Function<? super Permit, ? extends R> permit, Function<? super Deny, ? extends R> deny) {
      return permit.apply(this);
    }
  }

  /**
   * Denied.
   *
   * @param rules the denying rules; empty if no rule permitted it
   * @param policyHash the policy's hash
   * @param why the reason in kind
   * @param explanation one sentence for the person who asks why; holds no PHI
   * @param stepUp the assurance with which the same request would be permitted, if that is all that
   *     is missing (RFC 9470)
   */
  record Deny(
      List<String> rules,
      String policyHash,
      DenyReason why,
      String explanation,
      Optional<Assurance> stepUp)
      implements Decision {
    /**
     * A denial that a stronger authentication would not lift.
     *
     * @param rules see {@link #rules()}
     * @param policyHash see {@link #policyHash()}
     * @param why see {@link #why()}
     * @param explanation see {@link #explanation()}
     */
    public Deny(List<String> rules, String policyHash, DenyReason why, String explanation) {
      this(rules, policyHash, why, explanation, Optional.empty());
    }

    /**
     * Copies the list.
     *
     * @param rules see {@link #rules()}
     * @param policyHash see {@link #policyHash()}
     * @param why see {@link #why()}
     * @param explanation see {@link #explanation()}
     * @param stepUp see {@link #stepUp()}
     */
    public Deny {
      rules = List.copyOf(rules);
    }

    /**
     * The reason as a code, for audit entries.
     *
     * @return the name of {@link #why}
     */
    public String reason() {
      return why.name();
    }

    @Override
    public <R> R fold(
        Function<? super Permit, ? extends R> permit, Function<? super Deny, ? extends R> deny) {
      return deny.apply(this);
    }
  }

  /**
   * A quota that must be charged before a permit may be used.
   *
   * @param rule the rule that demands it
   * @param number which quota of the rule, from 0
   * @param limit how much in which window
   */
  record QuotaObligation(String rule, int number, QuotaLimit limit) {}
}
