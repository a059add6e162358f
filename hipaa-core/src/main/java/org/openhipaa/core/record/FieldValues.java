package org.openhipaa.core.record;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.openhipaa.core.internal.CanonicalWriter;

/**
 * The plaintext values of some fields of one record, in order of their names. It is PHI: it prints
 * only how many fields it has, and it is not serialisable.
 *
 * <p>Immutable and thread-safe.
 */
public final class FieldValues {
  private final SortedMap<FieldPath, String> values;

  private FieldValues(SortedMap<FieldPath, String> values) {
    this.values = values;
  }

  /**
   * Takes a copy of the given values.
   *
   * @param values value by field; values may be empty strings
   * @return the field values
   * @throws IllegalArgumentException if a value holds half a surrogate pair, which could not be
   *     stored as it is; the message names the field and does not repeat the value
   */
  public static FieldValues of(Map<FieldPath, String> values) {
    values.forEach((field, value) -> {
      Objects.requireNonNull(value, () -> "field " + field.value() + " has no value");
      if (!CanonicalWriter.isWellFormed(value)) {
        throw new IllegalArgumentException(
            "the value of field " + field.value() + " holds half a surrogate pair");
      }
    });
    return new FieldValues(Collections.unmodifiableSortedMap(new TreeMap<>(values)));
  }

  /**
   * The value of one field.
   *
   * @param field the field
   * @return its value, or empty if this set does not hold the field
   */
  public Optional<String> get(FieldPath field) {
    return Optional.ofNullable(values.get(field));
  }

  /**
   * The value of one field by name.
   *
   * @param field the field's name
   * @return its value, or empty if this set does not hold the field
   */
  public Optional<String> get(String field) {
    return get(FieldPath.of(field));
  }

  /**
   * The fields that have a value here.
   *
   * @return unmodifiable, in order of the names
   */
  public Set<FieldPath> fields() {
    return values.keySet();
  }

  /**
   * All values. Whoever calls this takes PHI into their hands: never log the result.
   *
   * @return unmodifiable, in order of the names
   */
  public SortedMap<FieldPath, String> reveal() {
    return values;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FieldValues that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  /** Prints how many fields there are, never a value. */
  @Override
  public String toString() {
    return "FieldValues(" + values.size() + " fields, hidden)";
  }
}
