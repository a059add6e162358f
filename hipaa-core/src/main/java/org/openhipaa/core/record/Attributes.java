package org.openhipaa.core.record;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What is known of an actor, of a record or of the circumstances, by name: texts, whole numbers,
 * flags and sets of texts, for the conditions of a policy. Values may be PHI: it prints only names.
 *
 * <p>Immutable and thread-safe.
 */
public final class Attributes {
  private static final Attributes NONE = new Attributes(Map.of());

  private final Map<String, Object> values;

  private Attributes(Map<String, Object> values) {
    this.values = values;
  }

  /**
   * Knows nothing.
   *
   * @return no attributes
   */
  public static Attributes none() {
    return NONE;
  }

  /**
   * Adds or replaces a text.
   *
   * @param name the attribute's name
   * @param value the value
   * @return a copy with it
   */
  public Attributes with(String name, String value) {
    return put(name, Objects.requireNonNull(value));
  }

  /**
   * Adds or replaces a whole number.
   *
   * @param name the attribute's name
   * @param value the value
   * @return a copy with it
   */
  public Attributes with(String name, long value) {
    return put(name, value);
  }

  /**
   * Adds or replaces a flag.
   *
   * @param name the attribute's name
   * @param value the value
   * @return a copy with it
   */
  public Attributes with(String name, boolean value) {
    return put(name, value);
  }

  /**
   * Adds or replaces a set of texts.
   *
   * @param name the attribute's name
   * @param value the values; copied
   * @return a copy with it
   */
  public Attributes with(String name, Set<String> value) {
    return put(name, Collections.unmodifiableSortedSet(new TreeSet<>(value)));
  }

  /**
   * Removes an attribute.
   *
   * @param name the attribute's name
   * @return a copy without it
   */
  public Attributes without(String name) {
    Map<String, Object> copy = new HashMap<>(values);
    copy.remove(name);
    return new Attributes(Map.copyOf(copy));
  }

  /**
   * A text.
   *
   * @param name the attribute's name
   * @return its value, or empty if it is not known or no text
   */
  public Optional<String> text(String name) {
    return values.get(name) instanceof String value ? Optional.of(value) : Optional.empty();
  }

  /**
   * The value as it is: a {@link String}, {@link Long}, {@link Boolean} or a sorted set of strings.
   *
   * @param name the attribute's name
   * @return its value, or empty if it is not known
   */
  public Optional<Object> value(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /**
   * The names of what is known.
   *
   * @return unmodifiable, sorted
   */
  public SortedSet<String> names() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(values.keySet()));
  }

  private Attributes put(String name, Object value) {
    Map<String, Object> copy = new HashMap<>(values);
    copy.put(Objects.requireNonNull(name), value);
    return new Attributes(Map.copyOf(copy));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Attributes that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  /** Prints names, never a value. */
  @Override
  public String toString() {
    return "Attributes(" + names() + ", hidden)";
  }
}
