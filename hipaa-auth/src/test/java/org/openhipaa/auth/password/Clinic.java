package org.openhipaa.auth.password;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.openhipaa.auth.password.jdbc.JdbcCredentialStore;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;

/** A small place with accounts in H2 and a hasher that is quick and weak. */
final class Clinic implements AutoCloseable {
  static final String PASSWORD = "seven lamps over a quiet river";
  static final String WRONG = "nine lamps over a quiet river";
  static final ActorId NURSE = ActorId.of("nina.nurse");
  static final Group NURSES = Group.of("nurse");
  static final Argon2Cost QUICK = new Argon2Cost(64, 1, 1);

  final SettableClock clock = new SettableClock();
  final RecordingAudit audit = new RecordingAudit();
  final PasswordHasher hasher = hasher(QUICK);
  final JdbcConnectionPool database = database();
  final JdbcCredentialStore store = new JdbcCredentialStore(database);
  final Actor admin = Actor.authenticated(
      ActorId.of("ada.admin"), Set.of(Group.of("admin")), Assurance.AAL1, clock.instant());

  Clinic() {
    store.createSchema();
  }

  static PasswordHasher hasher(Argon2Cost cost) {
    return PasswordHasher.ofAnyCost(new SecureRandom(), cost, 2, Duration.ofMinutes(1));
  }

  private static JdbcConnectionPool database() {
    JdbcConnectionPool pool =
        JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID(), "sa", "");
    pool.setMaxConnections(16);
    return pool;
  }

  DataSource dataSource() {
    return database;
  }

  Accounts accounts() {
    return new Accounts(
        store, hasher, new PasswordPolicy(Set.of("St. Elsewhere"), p -> false), audit, clock);
  }

  PasswordAuthenticator authenticator() {
    return authenticator(store);
  }

  PasswordAuthenticator authenticator(CredentialStore instead) {
    return new PasswordAuthenticator(instead, hasher, audit, clock);
  }

  /** Makes the nurse's account and forgets the events of it. */
  Clinic withNurse() {
    accounts().create(admin, NURSE, Set.of(NURSES), PASSWORD.toCharArray());
    audit.forget();
    return this;
  }

  boolean logsIn(String user, String password) {
    return authenticator()
        .authenticate(user, password.toCharArray())
        .fold(authenticated -> true, refused -> false);
  }

  Throttle throttle() {
    return store.find(NURSE).orElseThrow().throttle();
  }

  @Override
  public void close() {
    database.dispose();
  }
}
