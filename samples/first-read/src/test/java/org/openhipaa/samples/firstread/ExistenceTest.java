package org.openhipaa.samples.firstread;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.phi.UpdateResult;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.FieldValues;
import org.openhipaa.core.record.PatientId;

/** Whether somebody is a patient here is PHI too. */
class ExistenceTest {
  @Test
  void updateByWhoMayNeitherMakeNorChange_doesNotTellWhetherTheRecordExists(@TempDir Path home) {
    SyntheticPatients patients = SyntheticPatients.load(Path.of("data"));
    try (Clinic clinic =
        Clinic.create(home, AccessPolicy.load(Path.of("policy.yaml")), patients.relations())) {
      PatientId known = patients.patient(0, true);
      UpdateResult made = update(clinic, "registrar", known, Purpose.OPERATIONS);
      assertThat(made).isInstanceOf(UpdateResult.Stored.class);

      String ofKnown = why(update(clinic, "support", known, Purpose.TREATMENT));
      String ofStranger = why(update(clinic, "support", PatientId.of("nobody"), Purpose.TREATMENT));

      assertThat(ofKnown).isEqualTo(ofStranger).contains("NO_MATCHING_RULE");
    }
  }

  private static UpdateResult update(Clinic clinic, String group, PatientId who, Purpose why) {
    Actor actor = Actor.authenticated(
        ActorId.of(group),
        Set.of(Group.of(group)),
        Assurance.AAL1,
        clinic.clock().instant());
    return clinic
        .door()
        .update(actor, Clinic.chart(who), why, FieldValues.of(Map.of(FieldPath.of("sex"), "F")));
  }

  private static String why(UpdateResult result) {
    return result.fold(
        stored -> "stored",
        refused -> refused.decision().reason() + ": " + refused.decision().explanation());
  }
}
