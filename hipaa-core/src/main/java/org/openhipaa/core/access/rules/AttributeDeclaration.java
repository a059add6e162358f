package org.openhipaa.core.access.rules;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Declares an attribute that conditions may name.
 *
 * @param name its name
 * @param type its kind of value
 * @param values for texts, the values that conditions may compare with, so that a misspelt one is
 *     refused; empty lets conditions name any text
 */
public record AttributeDeclaration(
    AttributeName name, AttributeType type, SortedSet<String> values) {
  /**
   * Copies the values.
   *
   * @param name see {@link #name()}
   * @param type see {@link #type()}
   * @param values see {@link #values()}
   */
  public AttributeDeclaration {
    values = Collections.unmodifiableSortedSet(new TreeSet<>(values));
  }
}
