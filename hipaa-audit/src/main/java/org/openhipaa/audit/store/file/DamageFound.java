package org.openhipaa.audit.store.file;

/** The first thing in a log that does not verify, on its way to whoever asked. Never leaves the package. */
final class DamageFound extends RuntimeException {
  private static final long serialVersionUID = 1L;
  static final long NO_ENTRY = -1;

  private final String file;
  private final long offset;
  private final long entryIndex;
  private final String reason;

  DamageFound(String file, long offset, long entryIndex, String reason) {
    super(reason, null, false, false);
    this.file = file;
    this.offset = offset;
    this.entryIndex = entryIndex;
    this.reason = reason;
  }

  String file() {
    return file;
  }

  long offset() {
    return offset;
  }

  long entryIndex() {
    return entryIndex;
  }

  String reason() {
    return reason;
  }

  /** One clause with the place. */
  String describe() {
    return "the audit log is damaged: "
        + reason
        + " ("
        + file
        + ", byte "
        + offset
        + (entryIndex < 0 ? "" : ", entry " + entryIndex)
        + ")";
  }
}
