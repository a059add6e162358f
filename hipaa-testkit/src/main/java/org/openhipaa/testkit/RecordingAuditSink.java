package org.openhipaa.testkit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.openhipaa.core.HipaaBugException;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.AuditNotRecordedException;
import org.openhipaa.core.audit.AuditSink;
import org.openhipaa.core.audit.Receipt;
import org.openhipaa.core.phi.Phi;

/**
 * Keeps audit events in memory, can be told to fail, and can tell whether PHI was released with an event. Thread-safe.
 */
public final class RecordingAuditSink implements AuditSink {
  private static final String LOG = "openhipaa/testkit/memory";

  private final List<AuditEvent> events = new ArrayList<>();
  private final List<Receipt> receipts = new ArrayList<>();
  private int failingFrom = Integer.MAX_VALUE;

  /** Starts empty and working. */
  public RecordingAuditSink() {}

  /**
   * Makes every call fail after some more have succeeded.
   *
   * @param calls how many calls succeed from now on
   * @return this
   */
  public synchronized RecordingAuditSink failAfter(int calls) {
    failingFrom = events.size() + calls;
    return this;
  }

  /** Makes calls succeed again. */
  public synchronized void recover() {
    failingFrom = Integer.MAX_VALUE;
  }

  @Override
  public synchronized Receipt record(AuditEvent event) {
    if (events.size() >= failingFrom) {
      throw new AuditNotRecordedException("the recording audit sink was told to fail");
    }
    events.add(event);
    Receipt receipt = new Receipt(LOG, events.size() - 1L, sha256(LOG + "/" + events.size()));
    receipts.add(receipt);
    return receipt;
  }

  /**
   * The events so far.
   *
   * @return a copy, in order
   */
  public synchronized List<AuditEvent> events() {
    return List.copyOf(events);
  }

  /**
   * Demands that PHI was released with an event of this sink.
   *
   * @param phi the released PHI
   * @throws AssertionError if its receipt is not one that this sink gave
   */
  public synchronized void assertRecorded(Phi<?> phi) {
    if (!receipts.contains(phi.receipt())) {
      throw new AssertionError("PHI was released with a receipt that this audit sink never gave");
    }
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new HipaaBugException("every JDK has SHA-256", e);
    }
  }
}
