package org.openhipaa.core.access;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
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
   * Permitted, if the obligations are met.
   *
   * @param rules the permitting rules
   * @param policyHash the policy's hash
   * @param fields the requested fields that may be used, each with the mask to apply; unmodifiable
   * @param quotas the quotas to charge before anything is read
   */
  record Permit(
      List<String> rules,
      String policyHash,
      SortedMap<FieldPath, Mask> fields,
      List<QuotaObligation> quotas)
      implements Decision {
    /**
     * Copies the collections.
     *
     * @param rules see {@link #rules()}
     * @param policyHash see {@link #policyHash()}
     * @param fields see {@link #fields()}
     * @param quotas see {@link #quotas()}
     */
    public Permit {
      rules = List.copyOf(rules);
      quotas = List.copyOf(quotas);
      fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
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
   */
  record Deny(List<String> rules, String policyHash, DenyReason why, String explanation)
      implements Decision {
    /**
     * Copies the list.
     *
     * @param rules see {@link #rules()}
     * @param policyHash see {@link #policyHash()}
     * @param why see {@link #why()}
     * @param explanation see {@link #explanation()}
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
   * @param limit how many patients in which window
   */
  record QuotaObligation(String rule, QuotaLimit limit) {}
}
