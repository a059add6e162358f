package org.openhipaa.core.access.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.internal.Bits;
import org.openhipaa.core.internal.Fences;
import org.openhipaa.core.record.PatientId;

/** docs/formats/consent-v1.md: the page's example is what the code writes and reads. */
class ConsentFormatTest {
  private static final UUID ID = new UUID(1, 1);

  @Test
  void example_isWhatTheCodeWritesAndReads() throws IOException {
    byte[] page = Fences.of("consent-v1.md").bytes("directive");
    ConsentDirective directive = ConsentDirective.optOut(
        ID,
        PatientId.of("MRN-1001"),
        ConsentScope.everything().purposes(Purpose.RESEARCH).labels("hiv"),
        "desk",
        Instant.parse("2026-01-01T00:00:00Z"),
        null);

    assertThat(Bits.hex(ConsentCodec.encode(directive))).isEqualTo(Bits.hex(page));
    ConsentDirective read = (ConsentDirective) ConsentCodec.decode(ID, page, null);
    assertThat(read.scope()).isEqualTo(directive.scope());
    assertThat(read.patient()).isEqualTo(directive.patient());
  }

  @Test
  void cutLongerOrNewerContent_isRefused() throws IOException {
    byte[] page = Fences.of("consent-v1.md").bytes("directive");

    for (int length = 0; length < page.length; length++) {
      byte[] cut = Arrays.copyOf(page, length);
      assertThatThrownBy(() -> ConsentCodec.decode(ID, cut, null))
          .as("cut to %d", length)
          .isInstanceOf(RuntimeException.class);
    }
    assertThatThrownBy(() -> ConsentCodec.decode(ID, Arrays.copyOf(page, page.length + 1), null))
        .isInstanceOf(RuntimeException.class);
    byte[] newer = page.clone();
    newer[0] = 2;
    assertThatThrownBy(() -> ConsentCodec.decode(ID, newer, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("version 2");
    byte[] unknown = page.clone();
    unknown[1] = 3;
    assertThatThrownBy(() -> ConsentCodec.decode(ID, unknown, null))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
