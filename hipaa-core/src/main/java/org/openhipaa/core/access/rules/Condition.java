package org.openhipaa.core.access.rules;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What has to hold for a rule to apply. Conditions are data over finite domains, never a script, so
 * that a policy can be indexed, written as SQL and analysed.
 *
 * <p>A condition is true, false or, if an input is missing or fails, unknown, by the three-valued
 * logic of Kleene, which is also that of SQL: a permit rule applies only if its condition is true, a
 * deny rule unless it is false.
 */
public sealed interface Condition {
  /** Holds always. */
  Condition ALWAYS = new All(List.of());

  /**
   * All of these.
   *
   * @param parts at least one
   * @return the condition
   */
  static Condition all(Condition... parts) {
    return new All(List.of(parts));
  }

  /**
   * At least one of these.
   *
   * @param parts at least one
   * @return the condition
   */
  static Condition any(Condition... parts) {
    return new Any(List.of(parts));
  }

  /**
   * The opposite.
   *
   * @param part what must not hold
   * @return the condition
   */
  static Condition not(Condition part) {
    return new Not(part);
  }

  /**
   * A relation between actor and patient.
   *
   * @param name a declared relation
   * @return the condition
   */
  static Condition relation(String name) {
    return new Relation(name);
  }

  /**
   * A predicate of the application.
   *
   * @param name a declared predicate
   * @return the condition
   */
  static Condition predicate(String name) {
    return new Predicate(name);
  }

  /**
   * The record carries a label, or one that implies it.
   *
   * @param name a declared label
   * @return the condition
   */
  static Condition label(String name) {
    return new Carries(name);
  }

  /**
   * The record carries no label but these and what they imply.
   *
   * @param names declared labels
   * @return the condition
   */
  static Condition labelsWithin(String... names) {
    return new LabelsWithin(new TreeSet<>(List.of(names)));
  }

  /**
   * The attribute is, or has, one of these texts.
   *
   * @param attribute for instance {@code record.department}
   * @param values at least one
   * @return the condition
   */
  static Condition oneOf(String attribute, String... values) {
    return new OneOf(AttributeName.of(attribute), new TreeSet<>(List.of(values)));
  }

  /**
   * The number lies in a range.
   *
   * @param attribute for instance {@code context.hour}
   * @param from the least, inclusive
   * @param to the greatest, inclusive
   * @return the condition
   */
  static Condition range(String attribute, long from, long to) {
    return new Range(AttributeName.of(attribute), from, to);
  }

  /**
   * The flag is true.
   *
   * @param attribute for instance {@code record.vip}
   * @return the condition
   */
  static Condition flag(String attribute) {
    return new Flag(AttributeName.of(attribute));
  }

  /**
   * The two attributes are the same, or have a text in common.
   *
   * @param left for instance {@code actor.department}
   * @param right for instance {@code record.department}
   * @return the condition
   */
  static Condition same(String left, String right) {
    return new Same(AttributeName.of(left), AttributeName.of(right));
  }

  /**
   * Holds if all parts hold.
   *
   * @param parts the parts; none holds always
   */
  record All(List<Condition> parts) implements Condition {
    /**
     * Copies the list.
     *
     * @param parts see {@link #parts()}
     */
    public All {
      parts = List.copyOf(parts);
    }
  }

  /**
   * Holds if one part holds.
   *
   * @param parts the parts; none never holds
   */
  record Any(List<Condition> parts) implements Condition {
    /**
     * Copies the list.
     *
     * @param parts see {@link #parts()}
     */
    public Any {
      parts = List.copyOf(parts);
    }
  }

  /**
   * Holds if the part does not.
   *
   * @param part the part
   */
  record Not(Condition part) implements Condition {}

  /**
   * Holds if the named relation holds between actor and patient. Unknown without a patient, or if the
   * lookup fails.
   *
   * @param name a declared relation, such as {@code treating}
   */
  record Relation(String name) implements Condition {}

  /**
   * Holds if the named predicate of the application holds. Unknown if the application has none of
   * this name, or if it fails.
   *
   * @param name a declared predicate
   */
  record Predicate(String name) implements Condition {}

  /**
   * Holds if the record carries this label or one that implies it. Unknown if the record's labels are
   * not known.
   *
   * @param label a declared label
   */
  record Carries(String label) implements Condition {}

  /**
   * Holds if every label that the record carries is one of these or implied by one of these (it lies
   * below them in the lattice). Unknown if the record's labels are not known.
   *
   * @param labels declared labels
   */
  record LabelsWithin(SortedSet<String> labels) implements Condition {
    /**
     * Copies the set.
     *
     * @param labels see {@link #labels()}
     */
    public LabelsWithin {
      labels = Collections.unmodifiableSortedSet(new TreeSet<>(labels));
    }
  }

  /**
   * Holds if the text is one of these, or if the set of texts has one of these. Unknown if the
   * attribute is missing or has another type.
   *
   * @param attribute a declared attribute of type text or texts
   * @param values at least one
   */
  record OneOf(AttributeName attribute, SortedSet<String> values) implements Condition {
    /**
     * Copies the set.
     *
     * @param attribute see {@link #attribute()}
     * @param values see {@link #values()}
     */
    public OneOf {
      values = Collections.unmodifiableSortedSet(new TreeSet<>(values));
    }
  }

  /**
   * Holds if the number lies in a range. Unknown if the attribute is missing or has another type.
   *
   * @param attribute a declared attribute of type integer
   * @param from the least number, inclusive
   * @param to the greatest number, inclusive
   */
  record Range(AttributeName attribute, long from, long to) implements Condition {}

  /**
   * Holds if the flag is true. Unknown if the attribute is missing or has another type.
   *
   * @param attribute a declared attribute of type flag
   */
  record Flag(AttributeName attribute) implements Condition {}

  /**
   * Holds if the two attributes are the same text, or, where one is a set of texts, have a text in
   * common. Unknown if either is missing or has another type.
   *
   * @param left a declared attribute of type text or texts
   * @param right a declared attribute of type text or texts
   */
  record Same(AttributeName left, AttributeName right) implements Condition {}
}
