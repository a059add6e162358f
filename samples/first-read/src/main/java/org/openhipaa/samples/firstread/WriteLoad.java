package org.openhipaa.samples.firstread;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.audit.Receipt;
import org.openhipaa.core.phi.PhiAccess;
import org.openhipaa.core.phi.ReadRequest;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.FieldValues;
import org.openhipaa.core.record.PatientId;

/**
 * A clinic at work until it is killed: four threads register, change and read charts, and every acknowledged receipt is printed
 * as one line {@code ack <index> <leaf hash>}. The test that kills it holds the printed lines against the log.
 */
public final class WriteLoad {
  private static final int THREADS = 4;

  private WriteLoad() {}

  /**
   * Works for ever.
   *
   * @param args the sample's folder, the clinic's folder (made if absent), and a seed
   * @throws Exception if anything fails; being killed is the way to end it
   */
  public static void main(String[] args) throws Exception {
    Path project = Path.of(args[0]);
    Path home = Path.of(args[1]);
    long seed = Long.parseLong(args[2]);
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.US_ASCII);
    SyntheticPatients patients = SyntheticPatients.load(project.resolve("data"));
    AccessPolicy policy = AccessPolicy.load(project.resolve("policy.yaml"));
    boolean known = Files.exists(home.resolve("ready"));
    Clinic clinic = known
        ? Clinic.open(home, policy, patients.relations())
        : Clinic.create(home, policy, patients.relations());
    if (!known) {
      Files.createFile(home.resolve("ready"));
    }
    out.println("open " + clinic.log().size());
    out.flush();
    PhiAccess door = clinic.door();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < THREADS; i++) {
      SplittableRandom own = random.split();
      new Thread(() -> work(clinic, door, patients, own, out), "load-" + i).start();
    }
  }

  private static void work(
      Clinic clinic,
      PhiAccess door,
      SyntheticPatients patients,
      SplittableRandom random,
      PrintStream out) {
    List<Map.Entry<PatientId, FieldValues>> charts =
        List.copyOf(patients.charts().entrySet());
    Actor registrar = actor(clinic, Staff.REGISTRAR.value(), "registrar");
    Actor nurse = actor(clinic, Staff.NURSE.value(), "nurse");
    while (true) {
      Map.Entry<PatientId, FieldValues> chart = charts.get(random.nextInt(charts.size()));
      Receipt receipt;
      if (random.nextInt(4) == 0) {
        receipt = door.read(
                nurse,
                ReadRequest.of(
                    Clinic.chart(chart.getKey()),
                    Purpose.TREATMENT,
                    Set.of(FieldPath.of("conditions"))))
            .receipt();
      } else {
        try {
          receipt = door.update(
                  registrar, Clinic.chart(chart.getKey()), Purpose.OPERATIONS, chart.getValue())
              .receipt();
        } catch (org.openhipaa.core.phi.RecordNotStoredException e) {
          // Another thread changed the same chart at the same moment; its receipt is printed there.
          continue;
        }
      }
      synchronized (out) {
        out.println("ack " + receipt.index() + " " + receipt.leafHash());
        out.flush();
      }
    }
  }

  private static Actor actor(Clinic clinic, String id, String group) {
    return Actor.authenticated(
        org.openhipaa.core.actor.ActorId.of(id),
        Set.of(Group.of(group)),
        Assurance.AAL1,
        clinic.clock().instant());
  }
}
