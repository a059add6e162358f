package org.openhipaa.audit.store.file;

import java.util.OptionalLong;
import org.openhipaa.core.HipaaException;

/**
 * An audit log is not what was written: bytes were altered, removed or added. The log is never repaired by itself; keep the
 * folder as it is for whoever investigates, and restore a good copy elsewhere.
 */
public final class AuditLogDamagedException extends HipaaException {
  private static final long serialVersionUID = 1L;

  /** See {@link #file()}. */
  private final String file;

  /** See {@link #offset()}. */
  private final long offset;

  /** See {@link #entryIndex()}. */
  private final long entryIndex;

  /** See {@link #reason()}. */
  private final String reason;

  AuditLogDamagedException(DamageFound found) {
    super(found.describe()
        + "; keep the folder for the investigation and restore a verified copy of it elsewhere");
    this.file = found.file();
    this.offset = found.offset();
    this.entryIndex = found.entryIndex();
    this.reason = found.reason();
  }

  /**
   * The damaged file.
   *
   * @return its name in the log's folder
   */
  public String file() {
    return file;
  }

  /**
   * Where the damage is, or where the part begins that holds it.
   *
   * @return bytes from the file's beginning
   */
  public long offset() {
    return offset;
  }

  /**
   * The first entry that the damage touches.
   *
   * @return its index, or empty if the damage is not in the entries
   */
  public OptionalLong entryIndex() {
    return entryIndex < 0 ? OptionalLong.empty() : OptionalLong.of(entryIndex);
  }

  /**
   * What is wrong.
   *
   * @return one clause without content
   */
  public String reason() {
    return reason;
  }
}
