package org.openhipaa.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.audit.AuditAction;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.AuditSink;
import org.openhipaa.core.audit.Outcome;
import org.openhipaa.core.audit.Receipt;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordType;

/**
 * What every {@link AuditSink} that gives receipts of one log must do. Subclass it, say how to open one and how to find an entry
 * again.
 */
public abstract class AuditSinkContract {
  private static final PatientId PATIENT = PatientId.of("canary-patient-4711");

  /** For subclasses. */
  protected AuditSinkContract() {}

  /**
   * Opens the sink, or returns the one that is open.
   *
   * @return the sink
   */
  protected abstract AuditSink open();

  /**
   * Closes the sink and reads the entry that a receipt names, from where it is durably stored.
   *
   * @param receipt the receipt
   * @return the recorded event, whose subject may be sealed
   */
  protected abstract AuditEvent reread(Receipt receipt);

  /**
   * Everything that the sink has stored, as raw bytes.
   *
   * @return one array per file, row or object
   */
  protected abstract List<byte[]> storedBytes();

  @Test
  void recordedEvent_isFoundByItsReceipt_afterClosing() {
    AuditEvent event = event(1);

    Receipt receipt = open().record(event);

    AuditEvent found = reread(receipt);
    assertThat(found.time()).isEqualTo(event.time());
    assertThat(found.action()).isEqualTo(event.action());
    assertThat(found.outcome()).isEqualTo(event.outcome());
    assertThat(found.actor()).isEqualTo(event.actor());
    assertThat(found.purpose()).isEqualTo(event.purpose());
    assertThat(found.recordType()).isEqualTo(event.recordType());
    assertThat(found.rules()).isEqualTo(event.rules());
    assertThat(found.reason()).isEqualTo(event.reason());
    assertThat(found.correlation()).isEqualTo(event.correlation());
    assertThat(found.detail()).isEqualTo(event.detail());
  }

  @Test
  void receipts_nameOneLogAndDifferentPlaces() {
    AuditSink sink = open();

    Receipt first = sink.record(event(1));
    Receipt again = sink.record(event(1));

    assertThat(again.log()).isEqualTo(first.log());
    assertThat(again.index()).isNotEqualTo(first.index());
    assertThat(first.leafHash()).matches("[0-9a-f]{64}");
  }

  @Test
  void concurrentEvents_allGetAPlaceOfTheirOwn() {
    AuditSink sink = open();

    List<Receipt> receipts = Race.run(200, i -> sink.record(event(i)));

    assertThat(receipts.stream().map(Receipt::index).distinct()).hasSize(200);
    Receipt last = receipts.get(receipts.size() - 1);
    assertThat(reread(last).detail()).isEqualTo("number 199");
  }

  @Test
  void subject_isNotStoredInClear() {
    reread(open().record(event(1)));

    List<byte[]> stored = storedBytes();

    assertThat(stored).isNotEmpty();
    for (byte[] bytes : stored) {
      assertThat(new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1))
          .doesNotContain(PATIENT.reveal())
          .doesNotContain("canary-record-0815");
    }
  }

  private static AuditEvent event(int number) {
    return AuditEvent.builder(
            Instant.parse("2026-01-01T08:00:00.123456789Z"),
            AuditAction.READ,
            Outcome.REFUSED,
            ActorId.of("nora.nurse"))
        .correlation(new UUID(1, number))
        .purpose(Purpose.TREATMENT)
        .recordType(RecordType.of("patient"))
        .patient(PATIENT)
        .recordId("canary-record-0815")
        .rules(List.of("nurse-treats"))
        .reason("QUOTA_EXCEEDED")
        .policyHash("00".repeat(32))
        .detail("number " + number)
        .build();
  }
}
