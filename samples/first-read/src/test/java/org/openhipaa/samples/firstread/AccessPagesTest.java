package org.openhipaa.samples.firstread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openhipaa.core.access.AccessDecider;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.BreakGlassTicket;
import org.openhipaa.core.access.Circumstances;
import org.openhipaa.core.access.DenyReason;
import org.openhipaa.core.access.Relations;
import org.openhipaa.core.access.breakglass.BreakGlass;
import org.openhipaa.core.access.breakglass.BreakGlassNotifier;
import org.openhipaa.core.access.breakglass.BreakGlassReviews;
import org.openhipaa.core.access.breakglass.BreakGlassScope;
import org.openhipaa.core.access.breakglass.BreakGlassUse;
import org.openhipaa.core.access.breakglass.jdbc.JdbcBreakGlassStore;
import org.openhipaa.core.access.consent.ConsentDirective;
import org.openhipaa.core.access.consent.ConsentGuard;
import org.openhipaa.core.access.consent.ConsentScope;
import org.openhipaa.core.access.consent.Consents;
import org.openhipaa.core.access.consent.jdbc.JdbcConsentStore;
import org.openhipaa.core.access.desk.DeskResult;
import org.openhipaa.core.access.grant.BaseGroups;
import org.openhipaa.core.access.grant.Grants;
import org.openhipaa.core.access.grant.jdbc.JdbcGrantStore;
import org.openhipaa.core.access.quota.QuotaStore;
import org.openhipaa.core.access.quota.jdbc.JdbcQuotaStore;
import org.openhipaa.core.access.table.PolicyTable;
import org.openhipaa.core.access.table.PolicyTableNotLoadedException;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.alarm.Alarm;
import org.openhipaa.core.alarm.AlarmSink;
import org.openhipaa.core.audit.AuditSink;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.phi.PhiAccess;
import org.openhipaa.core.phi.ReadRequest;
import org.openhipaa.core.phi.ReadResult;
import org.openhipaa.core.phi.RecordFacts;
import org.openhipaa.core.phi.SealedRecordStore;
import org.openhipaa.core.phi.UpdateResult;
import org.openhipaa.core.phi.file.FileSealedRecordStore;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.FieldValues;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordRef;

/** The pages on the wiring of access limits and on decision tables show what compiles and runs. */
class AccessPagesTest {
  private static final Path DOCS = Path.of("..", "..", "docs");
  private static final Path SOURCE =
      Path.of("src/test/java/org/openhipaa/samples/firstread/AccessPagesTest.java");
  private static final PatientId PATIENT = PatientId.of("MRN-4711");
  private static final String WHY = "unconscious, allergies must be known";
  private static final Group NURSE = Group.of("nurse");

  @TempDir
  private Path home;

  private final List<Alarm> raised = new ArrayList<>();
  private final List<BreakGlassUse> watched = new ArrayList<>();
  private boolean treats;
  private final Relations careTeam =
      (relation, actor, patient) -> treats && relation.equals("treating");
  private AccessPolicy policy;
  private Clinic clinic;
  private Wired wired;
  private RecordRef chart;

  /** What the page leaves behind. */
  private record Wired(
      Consents consents,
      BreakGlass breakGlass,
      BreakGlassReviews reviews,
      PhiAccess door,
      Grants grants) {}

  @BeforeEach
  void setUp() throws IOException {
    Path file = Files.writeString(home.resolve("policy.yaml"), block("access-wiring.md", "yaml"));
    policy = AccessPolicy.load(file);
    clinic = Clinic.create(home, policy, careTeam);
    chart = Clinic.chart(PATIENT);
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    JdbcQuotaStore quotas = new JdbcQuotaStore(database);
    quotas.createSchema();
    wired = wire(
        home,
        database,
        clinic.keyring(),
        clinic.log(),
        raised::add,
        clinic.clock(),
        quotas,
        new FileSealedRecordStore(clinic.recordFolder()),
        careTeam,
        (record, request) -> request.labels(Set.of()),
        person -> person.value().equals("nora") ? Set.of(NURSE) : Set.of(),
        watched::add);
    assertThat(wired
            .door()
            .update(
                actor("rita", "registrar"),
                chart,
                Purpose.OPERATIONS,
                FieldValues.of(Map.of(
                    FieldPath.of("allergies"), "penicillin",
                    FieldPath.of("conditions"), "Anemia"))))
        .isInstanceOf(UpdateResult.Stored.class);
  }

  @AfterEach
  void tearDown() {
    clinic.close();
  }

  private static Wired wire(
      Path home,
      DataSource database,
      Keyring keyring,
      AuditSink log,
      AlarmSink incidents,
      Clock clock,
      QuotaStore quotas,
      SealedRecordStore records,
      Relations careTeam,
      RecordFacts facts,
      BaseGroups directory,
      BreakGlassNotifier pager) {
    // page: begin
    AccessPolicy policy = AccessPolicy.load(home.resolve("policy.yaml"));

    // 1. Consent: the desk asks the policy alone, the guard denies what the policy would permit.
    JdbcConsentStore consentStore = new JdbcConsentStore(database);
    consentStore.createSchema();
    Consents consents =
        new Consents(consentStore, keyring, policy, careTeam, log, incidents, clock);
    ConsentGuard consent = ConsentGuard.builder(consents)
        .relations(careTeam)
        .model(policy::model)
        .privacyOfficers(Group.of("privacy-officer"))
        .build();

    // 2. Break-glass: over the policy with every guard but its own.
    JdbcBreakGlassStore uses = new JdbcBreakGlassStore(database, keyring);
    uses.createSchema();
    BreakGlass breakGlass = BreakGlass.builder()
        .policy(policy.guardedBy(consent))
        .store(uses)
        .audit(log)
        .alarms(incidents)
        .notifier(pager)
        .tellPatientsLater()
        .build();
    BreakGlassReviews reviews = new BreakGlassReviews(policy, uses, log, clock);

    // 3. The front door: decided by policy, consent and break-glass.
    PhiAccess door = PhiAccess.builder()
        .policy(breakGlass.decider())
        .relations(careTeam)
        .facts(facts)
        .quotas(quotas)
        .keyring(keyring)
        .records(records)
        .audit(log)
        .alarms(incidents)
        .build();

    // 4. Grants: a termination ends break-glass tickets as well.
    JdbcGrantStore grantStore = new JdbcGrantStore(database, keyring);
    grantStore.createSchema();
    Grants grants = Grants.builder()
        .policy(policy)
        .model(policy::model)
        .baseGroups(directory)
        .store(grantStore)
        .audit(log)
        .alarms(incidents)
        .onTermination("break-glass", breakGlass::terminated)
        .build();
    // page: end
    return new Wired(consents, breakGlass, reviews, door, grants);
  }

  private ReadResult readInAnEmergency(Actor mia, Clock clock) {
    BreakGlass breakGlass = wired.breakGlass();
    PhiAccess door = wired.door();
    Set<String> labels = Set.of();
    String why = WHY;
    // use: begin
    AccessRequest denied = AccessRequest.builder(
            mia, Action.READ, chart.type(), Purpose.EMERGENCY_TREATMENT)
        .record(chart)
        .labels(labels) // the same as the facts of the front door
        .relations(careTeam)
        .at(clock.instant())
        .build();
    DeskResult<BreakGlassTicket> opened = breakGlass.open(denied, BreakGlassScope.RECORD, why);
    BreakGlassTicket ticket = opened.fold(done -> done.value(), refused -> nobody());
    ReadResult read = door.read(
        mia,
        ReadRequest.allPermitted(chart, Purpose.EMERGENCY_TREATMENT)
            .under(Circumstances.none().reason(why).ticket(ticket)));
    // use: end
    return read;
  }

  private Actor withGrants(Actor loggedIn, BaseGroups directory, Clock clock) {
    Grants grants = wired.grants();
    // groups: begin
    Actor now =
        loggedIn.in(grants.groupsOf(loggedIn.id(), directory.of(loggedIn.id()), clock.instant()));
    // groups: end
    return now;
  }

  @Test
  void wiringPage_isThisCode() throws IOException {
    String source = Files.readString(SOURCE);
    List<String> shown = blocks("access-wiring.md", "java");

    assertThat(shown).hasSize(3);
    assertThat(flat(shown.get(0))).isEqualTo(flat(region(source, "page")));
    assertThat(flat(shown.get(1))).isEqualTo(flat(region(source, "use")));
    assertThat(flat(shown.get(2))).isEqualTo(flat(region(source, "groups")));
  }

  @Test
  void ticket_thatWasIssued_opensTheChart_andIsReviewed() {
    Actor mia = actor("mia", "medic");
    assertThat(refusal(read(wired.door(), mia, Purpose.EMERGENCY_TREATMENT, Circumstances.none())))
        .isEqualTo(DenyReason.BREAK_GLASS_NEEDED);

    assertThat(readInAnEmergency(mia, clinic.clock())).isInstanceOf(ReadResult.Released.class);

    assertThat(watched).hasSize(1);
    assertThat(done(wired.reviews().pending(actor("olga", "privacy-officer")))).hasSize(1);
    assertThat(raised).isEmpty();
  }

  @Test
  void ticket_thatWasNotIssued_opensNothing_butThePolicyAloneTakesItAsGenuine() {
    Actor mia = actor("mia", "medic");
    Circumstances forged = Circumstances.none()
        .reason(WHY)
        .ticket(BreakGlassTicket.forRecord(
            UUID.randomUUID().toString(),
            mia.id(),
            chart,
            clinic.clock().instant().minusSeconds(1),
            clinic.clock().instant().plus(Duration.ofHours(1))));

    assertThat(refusal(read(wired.door(), mia, Purpose.EMERGENCY_TREATMENT, forged)))
        .isEqualTo(DenyReason.BREAK_GLASS_NEEDED);
    assertThat(raised).hasSize(1);

    // What the pages warn of.
    assertThat(read(doorDecidedBy(policy, clinic), mia, Purpose.EMERGENCY_TREATMENT, forged))
        .isInstanceOf(ReadResult.Released.class);
  }

  @Test
  void optOut_keepsOutWhomThePolicyPermits() {
    treats = true;
    Actor nora = actor("nora", "nurse");
    assertThat(read(wired.door(), nora, Purpose.TREATMENT, Circumstances.none()))
        .isInstanceOf(ReadResult.Released.class);

    done(wired
        .consents()
        .add(
            actor("olga", "privacy-officer"),
            Purpose.OPERATIONS,
            ConsentDirective.optOut(
                UUID.randomUUID(),
                PATIENT,
                ConsentScope.everything(),
                "desk",
                clinic.clock().instant().minusSeconds(1),
                null)));

    assertThat(refusal(read(wired.door(), nora, Purpose.TREATMENT, Circumstances.none())))
        .isEqualTo(DenyReason.CONSENT_WITHHELD);
  }

  @Test
  void grant_givesItsGroupUntilTheTermination_whichEndsTicketsToo() {
    BaseGroups directory = person -> Set.of();
    Actor mia = actor("mia");
    assertThat(withGrants(mia, directory, clinic.clock()).groups()).isEmpty();
    UUID grant = done(wired
            .grants()
            .request(
                actor("lea", "lead"),
                mia.id(),
                Group.of("medic"),
                "covers the night shift",
                Duration.ofDays(7)))
        .id();
    done(wired.grants().approve(actor("ada", "access-admin"), grant));
    Actor medic = withGrants(mia, directory, clinic.clock());
    assertThat(readInAnEmergency(medic, clinic.clock())).isInstanceOf(ReadResult.Released.class);

    done(wired.grants().terminate(actor("ada", "access-admin"), mia.id(), "left the clinic"));

    assertThat(withGrants(mia, directory, clinic.clock()).groups()).isEmpty();
    Circumstances ended = Circumstances.none().reason(WHY).ticket(watched.get(0).ticket());
    assertThat(refusal(read(wired.door(), medic, Purpose.EMERGENCY_TREATMENT, ended)))
        .isEqualTo(DenyReason.BREAK_GLASS_NEEDED);
  }

  @Test
  void tablePage_example_holdsForThePolicyOfThePolicyPage() throws IOException {
    AccessPolicy hospital =
        AccessPolicy.parse("full.yaml", block("formats/policy-v1.md", "yaml full.yaml"));

    List<PolicyTable.Result> results = PolicyTable.parse(
            "cases.yaml", block("formats/policy-table-v1.md", "yaml example.yaml"))
        .check(hospital);

    assertThat(results)
        .hasSizeGreaterThan(9)
        .allMatch(result -> result.failure().isEmpty());
  }

  @Test
  void tablePage_errors_areTheseMessages() throws IOException {
    String[] cases = block("formats/policy-table-v1.md", "text errors").split("\n\n");
    assertThat(cases).hasSizeGreaterThan(5);
    for (String one : cases) {
      String text = one.strip();
      int last = text.lastIndexOf('\n');
      assertThatThrownBy(() -> PolicyTable.parse("cases.yaml", text.substring(0, last + 1)))
          .isInstanceOf(PolicyTableNotLoadedException.class)
          .hasMessage(text.substring(last + 1));
    }
  }

  private PhiAccess doorDecidedBy(AccessDecider decider, Clinic at) {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    JdbcQuotaStore quotas = new JdbcQuotaStore(database);
    quotas.createSchema();
    return PhiAccess.builder()
        .policy(decider)
        .quotas(quotas)
        .keyring(at.keyring())
        .records(new FileSealedRecordStore(at.recordFolder()))
        .audit(at.log())
        .alarms(raised::add)
        .build();
  }

  private ReadResult read(PhiAccess door, Actor who, Purpose purpose, Circumstances how) {
    return door.read(who, ReadRequest.allPermitted(chart, purpose).under(how));
  }

  private static DenyReason refusal(ReadResult result) {
    return result.fold(
        released -> {
          throw new AssertionError("released");
        },
        refused -> refused.decision().why(),
        absent -> {
          throw new AssertionError("absent");
        });
  }

  private static <T> T done(DeskResult<T> result) {
    return result.fold(done -> done.value(), refused -> {
      throw new AssertionError(refused.explanation());
    });
  }

  private static BreakGlassTicket nobody() {
    throw new AssertionError("there is no ticket");
  }

  private Actor actor(String id, String... groups) {
    Set<Group> in = new java.util.TreeSet<>();
    for (String group : groups) {
      in.add(Group.of(group));
    }
    return Actor.authenticated(
        ActorId.of(id), in, Assurance.AAL2, clinic.clock().instant());
  }

  private static String block(String page, String fence) throws IOException {
    return blocks(page, fence).get(0);
  }

  private static List<String> blocks(String page, String fence) throws IOException {
    return Pattern.compile(
            "^```" + Pattern.quote(fence) + "\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE)
        .matcher(Files.readString(DOCS.resolve(page)))
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  private static String region(String source, String name) {
    String begin = "// " + name + ": begin\n";
    String region = source.substring(source.indexOf(begin) + begin.length());
    return region.substring(0, region.indexOf("// " + name + ": end\n"));
  }

  private static String flat(String code) {
    return code.replaceAll("\\s+", " ").strip();
  }
}
