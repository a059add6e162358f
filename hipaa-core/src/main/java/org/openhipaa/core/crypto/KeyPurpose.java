package org.openhipaa.core.crypto;

import java.util.Locale;

/**
 * What a derived key is for. Keys of different purposes are independent (HKDF, RFC 5869 section
 * 3.2).
 */
public enum KeyPurpose {
  /** Fields of patient records. */
  RECORD,
  /** Subjects of audit entries. */
  AUDIT,
  /** Contents of backups. */
  BACKUP,
  /** Other keys. */
  KEY;

  private final String label = name().toLowerCase(Locale.ROOT);

  /**
   * The name of this purpose in key derivations and contexts; part of the formats.
   *
   * @return for instance {@code record}
   */
  public String label() {
    return label;
  }
}
