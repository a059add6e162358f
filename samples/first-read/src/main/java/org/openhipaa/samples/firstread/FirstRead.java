package org.openhipaa.samples.firstread;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.openhipaa.audit.checkpoint.EntryProof;
import org.openhipaa.audit.incident.Incident;
import org.openhipaa.audit.incident.IncidentResult;
import org.openhipaa.audit.store.file.AuditLogVerifier;
import org.openhipaa.audit.store.file.LogVerification;
import org.openhipaa.audit.store.file.LoggedEntry;
import org.openhipaa.audit.tree.TreeHash;
import org.openhipaa.auth.password.AccountResult;
import org.openhipaa.backup.Progress;
import org.openhipaa.backup.repository.BackupReport;
import org.openhipaa.backup.repository.BackupRepository;
import org.openhipaa.backup.repository.BackupWriter;
import org.openhipaa.backup.restore.RestoreReport;
import org.openhipaa.backup.restore.Restorer;
import org.openhipaa.backup.snapshot.TreeDigest;
import org.openhipaa.backup.source.FileTreeSource;
import org.openhipaa.backup.store.directory.DirectoryBlobStore;
import org.openhipaa.backup.verify.Verifier;
import org.openhipaa.backup.verify.VerifyResult;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.AuditNotRecordedException;
import org.openhipaa.core.audit.Outcome;
import org.openhipaa.core.phi.PhiAccess;
import org.openhipaa.core.phi.ReadRequest;
import org.openhipaa.core.phi.ReadResult;
import org.openhipaa.core.phi.UpdateResult;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.FieldValues;
import org.openhipaa.core.record.PatientId;

/** The first read, from the first log-in to the restored backup. Ends non-zero if any step does not hold. */
public final class FirstRead {
  private static final String NURSE_PASSWORD = "seven lanterns over the harbour";
  private static final String BILLING_PASSWORD = "a quiet ledger in the attic room";
  private static final String SUPPORT_PASSWORD = "copper kettles whistle at dawn";
  private static final String REGISTRAR_PASSWORD = "blue folders on a marble desk";

  private final Story story;
  private final Path project;
  private final Path home;

  private FirstRead(Story story, Path project, Path home) {
    this.story = story;
    this.project = project;
    this.home = home;
  }

  /**
   * Tells the story.
   *
   * @param args the sample's folder (default: the current one), and a folder for what it writes, which is emptied first
   *     (default: {@code target/first-read} in the sample's folder)
   * @throws IOException if that folder cannot be emptied
   */
  public static void main(String[] args) throws IOException {
    Path project = Path.of(args.length > 0 ? args[0] : "");
    Path home =
        args.length > 1 ? Path.of(args[1]) : project.resolve("target").resolve("first-read");
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.exit(tell(out, project, home));
  }

  static int tell(PrintStream out, Path project, Path home) throws IOException {
    Story story = new Story(out);
    delete(home);
    Files.createDirectories(home);
    new FirstRead(story, project, home).tell();
    return story.end();
  }

  private void tell() throws IOException {
    SyntheticPatients patients = SyntheticPatients.load(project.resolve("data"));
    story.chapter("The clinic opens");
    AccessPolicy policy = AccessPolicy.load(project.resolve("policy.yaml"));
    story.says("policy '" + policy.name() + "' with " + policy.size() + " rules, "
        + policy.hash().substring(0, 16) + "…");
    story.holds(
        policy.hash().equals(ClinicPolicy.inJava().hash()),
        "the policy written in YAML and the policy written in Java are the same");

    try (Clinic clinic = Clinic.create(home, policy, patients.relations())) {
      Actor registrar = openAccounts(clinic);
      register(clinic, registrar, patients);
      Actor nurse = logIns(clinic);
      nurseReads(clinic, nurse, patients);
      Actor billing = logIn(clinic, Staff.BILLING, BILLING_PASSWORD).orElseThrow();
      billingReads(clinic, billing, patients);
      quotaHolds(clinic, nurse, patients);
      noRecordNoPhi(clinic, billing, patients);
      Actor support = logIn(clinic, Staff.SUPPORT, SUPPORT_PASSWORD).orElseThrow();
      auditTrail(clinic, support);
      backupAlarmRestore(clinic, nurse, support, patients);
    }
    story.chapter("The clinic closes");
    story.holds(
        logIsWhole(home.resolve("audit")), "the audit log on disk is whole, to its last entry");
    story.says("Try it yourself, then change any byte of these folders and try again:");
    story.says("  java -jar hipaa-cli/target/hipaa.jar audit verify " + home.resolve("audit"));
    story.says("  java -jar hipaa-cli/target/hipaa.jar backup verify --repo "
        + home.resolve("backup")
        + " \\");
    story.says("    --tenant clinic --keys "
        + home.resolve("keys")
        + " --key-store "
        + home.resolve("safe").resolve("key-store.p12")
        + " \\");
    story.says("    --password-file " + home.resolve("safe").resolve("key-store-password.txt"));
  }

  private Actor openAccounts(Clinic clinic) {
    Actor founder = Actor.authenticated(
        AuditEvent.SYSTEM, Set.of(), Assurance.AAL1, clinic.clock().instant());
    boolean made = Stream.of(
            open(clinic, founder, Staff.REGISTRAR, "registrar", REGISTRAR_PASSWORD),
            open(clinic, founder, Staff.NURSE, "nurse", NURSE_PASSWORD),
            open(clinic, founder, Staff.BILLING, "billing-clerk", BILLING_PASSWORD),
            open(clinic, founder, Staff.SUPPORT, "support", SUPPORT_PASSWORD))
        .allMatch(AccountResult.Done.class::isInstance);
    story.holds(made, "four accounts, each with a password of at least 15 characters, Argon2id");
    story.holds(
        open(clinic, founder, ActorId.of("nina.new"), "nurse", "password")
            instanceof AccountResult.PasswordRefused,
        "an account with the password 'password' is refused");
    return logIn(clinic, Staff.REGISTRAR, REGISTRAR_PASSWORD).orElseThrow();
  }

  private static AccountResult open(
      Clinic clinic, Actor by, ActorId who, String group, String password) {
    return clinic.accounts().create(by, who, Set.of(Group.of(group)), password.toCharArray());
  }

  private static Optional<Actor> logIn(Clinic clinic, ActorId who, String password) {
    return clinic
        .passwords()
        .authenticate(who.value(), password.toCharArray())
        .fold(in -> Optional.of(in.actor()), refused -> Optional.empty());
  }

  private void register(Clinic clinic, Actor registrar, SyntheticPatients patients) {
    story.chapter("The registrar registers the patients");
    PhiAccess door = clinic.door();
    long stored = patients.charts().entrySet().stream()
        .map(chart -> door.update(
            registrar, Clinic.chart(chart.getKey()), Purpose.OPERATIONS, chart.getValue()))
        .filter(UpdateResult.Stored.class::isInstance)
        .count();
    story.holds(
        stored == patients.charts().size(),
        stored + " charts sealed, each with its patient's own key, each with a receipt");
  }

  private Actor logIns(Clinic clinic) {
    story.chapter("Nora, a nurse, logs in");
    story.holds(
        logIn(clinic, Staff.NURSE, "seven lanterns over the harbor").isEmpty(),
        "a wrong password is refused");
    story.holds(
        clinic
            .passwords()
            .authenticate("nobody.here", NURSE_PASSWORD.toCharArray())
            .fold(in -> false, refused -> true),
        "an unknown user is refused with the same words");
    Optional<Actor> nurse = logIn(clinic, Staff.NURSE, NURSE_PASSWORD);
    story.holds(nurse.isPresent(), "the right password gives an actor: " + nurse.orElseThrow());
    return nurse.orElseThrow();
  }

  private void nurseReads(Clinic clinic, Actor nurse, SyntheticPatients patients) {
    story.chapter("Nora reads the chart of a patient whom she treats");
    PatientId patient = patients.patient(2, true);
    ReadResult read = clinic
        .door()
        .read(nurse, ReadRequest.allPermitted(Clinic.chart(patient), Purpose.TREATMENT));
    show(read);
    FieldValues chart = patients.chart(patient);
    FieldValues seen = read.phi().orElseThrow().reveal();
    story.holds(
        seen.get("conditions").equals(chart.get("conditions"))
            && seen.get("lastName").equals(chart.get("lastName")),
        "she sees the name and the conditions");
    story.holds(
        seen.get("ssn").orElseThrow().startsWith("***-**-"),
        "of the social security number she sees four digits");
    story.holds(
        Stream.of("street", "city", "zip", "payer", "claimTotal")
            .allMatch(field -> seen.get(field).isEmpty()),
        "she does not see address or bill");
    refused(
        clinic.door().read(nurse, ReadRequest.allPermitted(Clinic.chart(patient), Purpose.PAYMENT)),
        "PURPOSE_NOT_PERMITTED",
        "the same chart for payment is refused");
    refused(
        clinic
            .door()
            .read(
                nurse,
                ReadRequest.allPermitted(
                    Clinic.chart(patients.patient(3, false)), Purpose.TREATMENT)),
        "RELATION_MISSING",
        "the chart of a patient whom she does not treat is refused");
  }

  private void billingReads(Clinic clinic, Actor billing, SyntheticPatients patients) {
    story.chapter("Ben, a billing clerk, reads the same chart for payment");
    PatientId patient = patients.patient(2, true);
    ReadResult read = clinic
        .door()
        .read(billing, ReadRequest.allPermitted(Clinic.chart(patient), Purpose.PAYMENT));
    show(read);
    FieldValues seen = read.phi().orElseThrow().reveal();
    FieldValues chart = patients.chart(patient);
    story.holds(
        seen.get("claimTotal").equals(chart.get("claimTotal"))
            && seen.get("payer").equals(chart.get("payer")),
        "he sees what to bill and whom");
    story.holds(seen.get("conditions").isEmpty(), "he does not see why the patient came");
    story.holds(
        seen.get("birthDate").orElseThrow().length() == 4
            && seen.get("zip").orElseThrow().endsWith("**"),
        "of the birth date he sees the year, of the ZIP code three digits");
  }

  private void quotaHolds(Clinic clinic, Actor nurse, SyntheticPatients patients) {
    story.chapter("Nora may reach two patients an hour");
    PhiAccess door = clinic.door();
    PatientId first = patients.patient(2, true);
    PatientId second = patients.patient(5, true);
    PatientId third = patients.patient(4, true);
    story.holds(read(door, nurse, second), "the second patient is released");
    refused(
        door.read(nurse, ReadRequest.allPermitted(Clinic.chart(third), Purpose.TREATMENT)),
        "QUOTA_EXCEEDED",
        "the third patient is refused");
    story.holds(read(door, nurse, first), "the first patient may be read again");
  }

  private void noRecordNoPhi(Clinic clinic, Actor billing, SyntheticPatients patients) {
    story.chapter("No record, no PHI");
    PhiAccess broken = clinic.door(clinic.recordFolder(), event -> {
      throw new AuditNotRecordedException("the audit disk is on fire");
    });
    boolean released;
    try {
      released = broken
          .read(
              billing,
              ReadRequest.allPermitted(Clinic.chart(patients.patient(0, true)), Purpose.PAYMENT))
          .phi()
          .isPresent();
    } catch (AuditNotRecordedException e) {
      released = false;
    }
    story.holds(!released, "with a failing audit log, a permitted read releases nothing");
  }

  private void auditTrail(Clinic clinic, Actor support) {
    story.chapter("What happened is recorded, and provable");
    clinic.log().checkpointNow();
    List<LoggedEntry> entries;
    try (Stream<LoggedEntry> all = clinic.log().reader().entries(0)) {
      entries = all.toList();
    }
    entries.stream().skip(Math.max(0, entries.size() - 12)).forEach(this::show);
    story.holds(
        entries.stream().anyMatch(e -> e.entry().event().reason().equals("QUOTA_EXCEEDED")),
        "the refusals are among the " + entries.size() + " entries");
    story.holds(logIsWhole(clinic.auditFolder()), "the log verifies against its own signatures");
    LoggedEntry third = entries.get(entries.size() - 2);
    EntryProof proof = clinic
        .log()
        .proofOf(new org.openhipaa.core.audit.Receipt(
            clinic.log().origin().value(), third.index(), third.leafHash().toHex()));
    story.holds(
        proof.verify(third.leafHash(), clinic.log().key()),
        "entry "
            + third.index()
            + " is proven to be in the log by "
            + proof.inclusion().path().size()
            + " hashes and one signature");
    story.holds(
        !proof.verify(
            TreeHash.leaf("forged".getBytes(StandardCharsets.UTF_8)),
            clinic.log().key()),
        "the same proof does not prove a forged entry");
    story.says("(" + support.id().value() + " will need this trail in a moment.)");
  }

  private void backupAlarmRestore(
      Clinic clinic, Actor nurse, Actor support, SyntheticPatients patients) throws IOException {
    story.chapter("The night's backup");
    Path repository = home.resolve("backup");
    DirectoryBlobStore store = new DirectoryBlobStore(repository);
    BackupRepository.create(
        store, clinic.keyring(), clinic.incidents(), clinic.clock(), clinic.random());
    Path restored = home.resolve("restored");
    BackupReport backup = backUp(clinic, support, store);
    story.says("snapshot "
        + backup.snapshot().sequence()
        + ": "
        + backup.snapshot().bytes()
        + " bytes in "
        + backup.snapshot().chunks()
        + " sealed chunks");
    story.holds(
        verify(clinic, store, support),
        "the backup verifies: every byte of it was read and proven");

    story.chapter("One byte of the backup changes");
    Path copy = home.resolve("offline-copy");
    copy(repository, copy);
    Path victim = anyChunk(repository);
    flipOneByte(victim);
    story.says(
        "changed one bit of chunks/…/" + victim.getFileName().toString().substring(0, 12) + "…");
    story.holds(!verify(clinic, store, support), "verification fails and names the chunk");
    Optional<Incident> incident = newestIncident(clinic, support);
    story.holds(
        incident.isPresent() && incident.get().alarm().source().contains("backup"),
        "an integrity alarm was raised by itself: "
            + incident
                .map(i -> i.alarm().kind() + " from " + i.alarm().source())
                .orElse("none"));
    boolean restoredFromBad;
    try {
      restorer(clinic, store).restore(support.id(), 1, restored, Progress.NONE);
      restoredFromBad = true;
    } catch (org.openhipaa.backup.restore.RestoreFailedException e) {
      restoredFromBad = Files.exists(restored);
    }
    story.holds(!restoredFromBad, "the damaged backup restores nothing");

    story.chapter("Who may handle the alarm");
    Incident open = incident.orElseThrow();
    story.holds(
        isRefused(clinic.incidents().open(nurse, open.id()))
            && isRefused(clinic.incidents().acknowledge(nurse, open.id(), "nothing to see here")),
        "Nora may neither open nor acknowledge it; both attempts are recorded");
    story.holds(
        !isRefused(clinic.incidents().open(support, open.id()))
            && !isRefused(clinic
                .incidents()
                .acknowledge(support, open.id(), "comparing with the offline copy")),
        "Sam of support opens and acknowledges it");
    try (Stream<LoggedEntry> all = clinic.log().reader().entries(0)) {
      story.holds(
          all.filter(e -> e.entry().event().action().name().startsWith("INCIDENT"))
                  .filter(e -> e.entry().event().outcome() == Outcome.REFUSED)
                  .filter(e -> e.entry().event().actor().equals(nurse.id()))
                  .count()
              == 2,
          "the log holds Nora's two refusals");
    }

    story.chapter("Repair and restore");
    Files.copy(
        copy.resolve(repository.relativize(victim)),
        victim,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    story.holds(
        verify(clinic, store, support),
        "the chunk from the offline copy makes the backup verify again");
    RestoreReport report =
        restorer(clinic, store).restore(support.id(), 1, restored, Progress.NONE);
    TreeDigest source = TreeDigest.of(clinic.recordFolder());
    story.holds(
        TreeDigest.of(restored.resolve("records")).equals(source)
            && report.source("records").orElseThrow().digest().equals(source),
        "the restored records equal the source: " + source.hex().substring(0, 16) + "…");
    story.holds(logIsWhole(restored.resolve("audit")), "the restored audit log verifies");
    PhiAccess door = clinic.door(restored.resolve("records"), clinic.log());
    story.holds(
        read(door, nurse, patients.patient(2, true)),
        "Nora reads her patient from the restored records, recorded like any read");
  }

  /** Records before the keys that open them; the log while nothing is written to it. */
  private static BackupReport backUp(Clinic clinic, Actor by, DirectoryBlobStore store) {
    Path frozen = clinic.auditFolder().resolveSibling("audit-for-backup");
    clinic.log().withWritesPaused(() -> {
      copy(clinic.auditFolder(), frozen);
      return frozen;
    });
    BackupReport report = new BackupWriter(
            store, clinic.keyring(), clinic.log(), clinic.incidents(), clinic.clock())
        .backup(
            by.id(),
            List.of(
                FileTreeSource.of("records", clinic.recordFolder()),
                FileTreeSource.of("keys", clinic.keyFolder()),
                FileTreeSource.of("audit", frozen)),
            Progress.NONE);
    delete(frozen);
    return report;
  }

  private static Restorer restorer(Clinic clinic, DirectoryBlobStore store) {
    return new Restorer(store, clinic.keyring(), clinic.log(), clinic.incidents(), clinic.clock());
  }

  private boolean verify(Clinic clinic, DirectoryBlobStore store, Actor by) {
    VerifyResult result = Verifier.withKeyring(
            store, clinic.keyring(), clinic.log(), clinic.incidents(), clinic.clock())
        .verify(by.id(), Progress.NONE);
    return result.fold(intact -> true, damaged -> {
      damaged.findings().forEach(f -> story.says(f.kind() + " " + f.object() + ": " + f.advice()));
      return false;
    });
  }

  private static Optional<Incident> newestIncident(Clinic clinic, Actor support) {
    return clinic
        .incidents()
        .list(support)
        .fold(granted -> granted.value().stream().findFirst(), refused -> Optional.empty());
  }

  private static boolean isRefused(IncidentResult<Incident> result) {
    return result.fold(granted -> false, refused -> true);
  }

  private static boolean read(PhiAccess door, Actor actor, PatientId patient) {
    return door.read(actor, ReadRequest.allPermitted(Clinic.chart(patient), Purpose.TREATMENT))
        .phi()
        .isPresent();
  }

  private static boolean logIsWhole(Path folder) {
    LogVerification result = AuditLogVerifier.verify(folder, Optional.empty());
    return result.fold(intact -> intact.size() > 0, damaged -> false);
  }

  /** The permitted view: the one place where the story prints PHI on purpose. */
  private void show(ReadResult read) {
    for (Map.Entry<FieldPath, String> field :
        read.phi().orElseThrow().reveal().reveal().entrySet()) {
      story.says("   " + field.getKey().value() + " = " + field.getValue());
    }
    story.says("   (receipt: entry " + read.receipt().index() + ", "
        + read.receipt().leafHash().substring(0, 16) + "…)");
  }

  private void show(LoggedEntry logged) {
    AuditEvent event = logged.entry().event();
    story.says(String.format(
        "   %3d  %-8s %-8s %-12s %-10s %s",
        logged.index(),
        event.action(),
        event.outcome(),
        event.actor().value(),
        event.purpose().map(Purpose::label).orElse(""),
        event.reason().isEmpty() ? event.rules() : event.reason()));
  }

  private void refused(ReadResult result, String reason, String step) {
    story.holds(
        result.fold(
            released -> false,
            refused -> refused.decision().reason().equals(reason),
            absent -> false),
        step
            + result.fold(
                released -> "",
                refused -> " (" + refused.decision().explanation() + ")",
                absent -> ""));
  }

  private static Path anyChunk(Path repository) throws IOException {
    try (Stream<Path> files = Files.walk(repository.resolve("chunks"))) {
      List<Path> chunks = files.filter(Files::isRegularFile).sorted().toList();
      return chunks.get(ThreadLocalRandom.current().nextInt(chunks.size()));
    }
  }

  private static void flipOneByte(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[ThreadLocalRandom.current().nextInt(bytes.length)] ^= 1;
    Files.write(file, bytes);
  }

  private static void copy(Path from, Path to) {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        if (!path.endsWith("lock")) {
          Files.copy(path, to.resolve(from.relativize(path).toString()));
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("cannot copy " + from, e);
    }
  }

  private static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try {
      Files.walkFileTree(folder, new SimpleFileVisitor<>() {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
            throws IOException {
          Files.delete(file);
          return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(
            Path directory, @org.jspecify.annotations.Nullable IOException e) throws IOException {
          Files.delete(directory);
          return FileVisitResult.CONTINUE;
        }
      });
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("cannot empty " + folder, e);
    }
  }
}
