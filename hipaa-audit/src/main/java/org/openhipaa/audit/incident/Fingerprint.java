package org.openhipaa.audit.incident;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.openhipaa.core.HipaaBugException;
import org.openhipaa.core.alarm.Alarm;
import org.openhipaa.core.internal.CanonicalWriter;

/** Tells which alarms are about the same fault: those of one kind, source and location. */
final class Fingerprint {
  private Fingerprint() {}

  /** 64 lower-case hexadecimal digits. */
  static String of(Alarm alarm) {
    byte[] fault = new CanonicalWriter()
        .text(alarm.kind().name())
        .text(alarm.source())
        .text(alarm.location())
        .toBytes();
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(fault));
    } catch (NoSuchAlgorithmException e) {
      throw new HipaaBugException("every JDK has SHA-256", e);
    }
  }
}
