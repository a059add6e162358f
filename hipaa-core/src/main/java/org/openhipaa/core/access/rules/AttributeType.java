package org.openhipaa.core.access.rules;

import java.util.Locale;

/** What kind of value an attribute has. */
public enum AttributeType {
  /** One text. */
  TEXT,
  /** A set of texts, possibly empty. */
  TEXTS,
  /** A whole number, 64 bits. */
  INTEGER,
  /** True or false. */
  FLAG;

  /**
   * The name that policy files use.
   *
   * @return for instance {@code text}
   */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
