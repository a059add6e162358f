package org.openhipaa.auth.password;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.audit.AuditEvent;

/**
 * Everything that leaves the library in many situations, searched for what was typed and what is
 * stored.
 */
class SecretsStayInsideTest {
  private static final String RIGHT = "CanaryRight tuba lemon crater fork";
  private static final String WRONG = "CanaryWrong tuba lemon crater spoon";
  private static final String TYPED_AS_USER = "CanaryUser.Name";
  private static final String TYPED_AS_USER_WITH_SPACES = "CanaryUser with spaces";
  private static final List<String> SECRETS = List.of("Canary", "tuba", "spoon", "argon2id$");

  private final List<String> left = new ArrayList<>();

  @Test
  void whateverHappens_noPasswordHashOrTypedNameLeaves() throws Exception {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream console = new ByteArrayOutputStream();
    PrintStream captured = new PrintStream(console, true, StandardCharsets.UTF_8);
    System.setOut(captured);
    System.setErr(captured);
    try (Clinic clinic = new Clinic()) {
      liveThrough(clinic);
      clinic.audit.events().forEach(event -> left.add(everythingIn(event)));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    left.add(console.toString(StandardCharsets.UTF_8));

    assertThat(left).hasSizeGreaterThan(30);
    assertThat(left)
        .allSatisfy(text -> assertThat(SECRETS)
            .allSatisfy(secret -> assertThat(text).doesNotContainIgnoringCase(secret)));
  }

  private void liveThrough(Clinic clinic) throws Exception {
    Accounts accounts = clinic.accounts();
    PasswordAuthenticator authenticator = clinic.authenticator();
    ActorId nurse = Clinic.NURSE;
    keep(() -> accounts.create(clinic.admin, nurse, Set.of(Clinic.NURSES), RIGHT.toCharArray()));
    keep(() -> accounts.create(clinic.admin, nurse, Set.of(), WRONG.toCharArray()));
    keep(() -> accounts.create(clinic.admin, ActorId.of(TYPED_AS_USER), Set.of(), chars("tuba")));
    keep(() -> accounts.disable(clinic.admin, ActorId.of(TYPED_AS_USER)));
    keep(() -> authenticator.authenticate("nina.nurse", RIGHT.toCharArray()));
    keep(() -> authenticator.authenticate(TYPED_AS_USER, WRONG.toCharArray()));
    keep(() -> authenticator.authenticate(TYPED_AS_USER_WITH_SPACES, WRONG.toCharArray()));
    for (int i = 0; i < 7; i++) {
      keep(() -> authenticator.authenticate("nina.nurse", WRONG.toCharArray()));
    }
    keep(() -> authenticator.authenticate("nina.nurse", WRONG.repeat(100).toCharArray()));
    keep(() -> clinic.store.find(nurse));
    keep(() -> clinic.store);
    keep(() -> authenticator);
    keep(() -> accounts);
    keep(() -> clinic.hasher);
    keep(() -> clinic.store.create(bare(nurse, "Canary".repeat(100))));
    keep(() -> accounts.changePassword(clinic.admin, nurse, RIGHT.toCharArray()));
    Credential stored = clinic.store.find(nurse).orElseThrow();
    keep(() -> clinic.store.replace(stored, stored.withPasswordHash(WRONG)));
    keep(() -> authenticator.authenticate("nina.nurse", RIGHT.toCharArray()));
    sql(clinic, "ALTER TABLE hipaa_credential ADD CHECK (password_hash LIKE 'Canary%')");
    keep(() -> clinic.store.create(bare(ActorId.of("bob"), "argon2id$ tuba")));
    sql(clinic, "UPDATE hipaa_credential SET actor_id = 'Canary with spaces'");
    keep(() -> authenticator.authenticate("nina.nurse", RIGHT.toCharArray()));
    sql(clinic, "UPDATE hipaa_credential SET actor_id = 'CanaryUser'");
    keep(() -> authenticator.authenticate("nina.nurse", RIGHT.toCharArray()));
    sql(clinic, "UPDATE hipaa_credential SET actor_id='nina.nurse', group_names='Canary  tuba'");
    keep(() -> authenticator.authenticate("nina.nurse", RIGHT.toCharArray()));
    sql(clinic, "DROP TABLE hipaa_credential");
    keep(() -> authenticator.authenticate("nina.nurse", RIGHT.toCharArray()));
    keep(() -> accounts.create(clinic.admin, nurse, Set.of(), RIGHT.toCharArray()));
  }

  private void keep(Callable<?> act) {
    try {
      left.add(String.valueOf(act.call()));
    } catch (Exception e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      left.add(trace.toString());
    }
  }

  private static Credential bare(ActorId id, String hash) {
    return new Credential(id, Set.of(), hash, true, Throttle.NONE, 0);
  }

  private static char[] chars(String text) {
    return text.toCharArray();
  }

  private static void sql(Clinic clinic, String sql) throws Exception {
    try (Connection connection = clinic.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String everythingIn(AuditEvent event) {
    return String.join(
        "|",
        event.toString(),
        event.actor().value(),
        event.reason(),
        event.detail(),
        event.policyHash(),
        event.rules().toString(),
        event.patient().toString(),
        event.recordId().toString(),
        event.fields().toString());
  }
}
