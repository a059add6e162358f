package org.openhipaa.core.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Group;

class ValuesTest {
  private static final String CANARY = "canary-7f3a";
  private static final TenantId TENANT = TenantId.of("clinic");
  private static final RecordType TYPE = RecordType.of("patient");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\t",
        "canary\n",
        "canary\0",
        "canary\u007f",
        "\u0085canary",
        "canary\ud800"
      })
  void textThatIsNoIdentifier_isRefusedWithoutRepeatingIt(String text) {
    for (Function<String, ?> make : List.<Function<String, ?>>of(
        PatientId::of, id -> RecordRef.of(TENANT, TYPE, PatientId.of("p"), id))) {
      assertThatThrownBy(() -> make.apply(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("canary");
      assertThatThrownBy(() -> make.apply(CANARY + "x".repeat(118)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("canary");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "../x",
        "a/b",
        "a b",
        "canary\n",
        "\ncanary",
        "canary\0",
        "é",
        "-a",
        ".a",
        "a\ud800"
      })
  void textThatIsNoName_isRefusedWithoutRepeatingIt(String text) {
    for (Function<String, ?> make : List.<Function<String, ?>>of(
        TenantId::of, RecordType::of, FieldPath::of, Group::of, ActorId::of)) {
      assertThatThrownBy(() -> make.apply(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("canary");
      assertThatThrownBy(() -> make.apply(CANARY + "x".repeat(120)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("canary");
    }
    assertThat(ActorId.isValid(text)).isFalse();
  }

  @Test
  void longestNames_areAccepted() {
    assertThat(PatientId.of("é".repeat(128)).reveal()).hasSize(128);
    assertThat(RecordRef.of(TENANT, TYPE, PatientId.of("p"), "/".repeat(128)).revealId())
        .hasSize(128);
    assertThat(FieldPath.of("a".repeat(127)).value()).hasSize(127);
    assertThat(TenantId.of("0".repeat(63)).value()).hasSize(63);
    assertThat(RecordType.of("a".repeat(63)).value()).hasSize(63);
    assertThat(Group.of("a".repeat(63)).value()).hasSize(63);
    assertThat(ActorId.of("a".repeat(64)).value()).hasSize(64);
  }

  @Test
  void phi_printsNothing_andIsNotSerialisable() {
    PatientId patient = PatientId.of(CANARY);
    RecordRef record = RecordRef.of(TENANT, TYPE, patient, CANARY);
    FieldValues values = FieldValues.of(Map.of(FieldPath.of("name"), CANARY));

    for (Object phi : List.of(patient, record, values)) {
      assertThat(phi.toString()).doesNotContain("canary").isNotEmpty();
      assertThat(phi).isNotInstanceOf(Serializable.class);
      assertThat(phi.getClass().isRecord()).isFalse();
    }
    assertThat(patient.reveal()).isEqualTo(CANARY);
    assertThat(record.revealId()).isEqualTo(CANARY);
  }

  @Test
  void fieldValues_areACopy_andUnmodifiable() {
    Map<FieldPath, String> source = new HashMap<>(Map.of(FieldPath.of("a"), "1"));
    FieldValues values = FieldValues.of(source);

    source.put(FieldPath.of("b"), "2");

    assertThat(values.fields()).containsExactly(FieldPath.of("a"));
    assertThat(values.get("a")).hasValue("1");
    assertThat(values.get("b")).isEmpty();
    assertThatThrownBy(() -> values.reveal().put(FieldPath.of("c"), "3"))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(values)
        .isEqualTo(FieldValues.of(Map.of(FieldPath.of("a"), "1")))
        .isNotEqualTo(FieldValues.of(Map.of(FieldPath.of("a"), "2")));
  }

  /** UTF-8 has no form for half a surrogate pair: stored, it would come back as a question mark. */
  @Test
  void malformedValue_isRefusedByNameWithoutRepeatingIt() {
    assertThatThrownBy(() -> FieldValues.of(Map.of(FieldPath.of("name"), CANARY + "\ud800")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("name")
        .hasMessageNotContaining("canary");
  }

  @Test
  void absentValue_isRefusedByName() {
    Map<FieldPath, String> source = new HashMap<>();
    source.put(FieldPath.of("name"), null);

    assertThatThrownBy(() -> FieldValues.of(source))
        .isInstanceOf(NullPointerException.class)
        .hasMessageContaining("name");
  }

  @Test
  void recordsThatDifferInOnePart_areDifferent() {
    RecordRef one = RecordRef.of(TENANT, TYPE, PatientId.of("p"), "r");

    assertThat(one)
        .isEqualTo(RecordRef.of(TENANT, TYPE, PatientId.of("p"), "r"))
        .hasSameHashCodeAs(RecordRef.of(TENANT, TYPE, PatientId.of("p"), "r"))
        .isNotEqualTo(RecordRef.of(TenantId.of("other"), TYPE, PatientId.of("p"), "r"))
        .isNotEqualTo(RecordRef.of(TENANT, RecordType.of("visit"), PatientId.of("p"), "r"))
        .isNotEqualTo(RecordRef.of(TENANT, TYPE, PatientId.of("q"), "r"))
        .isNotEqualTo(RecordRef.of(TENANT, TYPE, PatientId.of("p"), "s"));
  }
}
