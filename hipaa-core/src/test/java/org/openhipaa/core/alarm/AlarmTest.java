package org.openhipaa.core.alarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.actor.ActorId;

class AlarmTest {
  private static final Alarm ALARM =
      Alarm.integrity("backup", "object 7", "its hash does not match", Instant.EPOCH);

  @Test
  void integrityAlarm_hasNoSuspect() {
    assertThat(ALARM.kind()).isEqualTo(Alarm.Kind.INTEGRITY);
    assertThat(ALARM.suspected()).isEmpty();
    assertThat(new Alarm(Alarm.Kind.BEHAVIOUR, "s", "l", "m", Instant.EPOCH, ActorId.of("u"))
            .suspected())
        .hasValue(ActorId.of("u"));
  }

  @Test
  void relayWithoutATarget_writesToTheLog() {
    assertThat(logged(() -> new AlarmRelay().raise(ALARM)))
        .contains("ALARM INTEGRITY from backup at object 7: its hash does not match");
  }

  @Test
  void connectedRelay_passesOnToItsTargetOnly() {
    List<Alarm> taken = new ArrayList<>();
    AlarmRelay relay = new AlarmRelay();
    relay.connect(taken::add);

    String log = logged(() -> relay.raise(ALARM));

    assertThat(taken).containsExactly(ALARM);
    assertThat(log).isEmpty();
  }

  private static String logged(Runnable act) {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      act.run();
    } finally {
      System.setErr(before);
    }
    return log.toString(StandardCharsets.UTF_8);
  }
}
