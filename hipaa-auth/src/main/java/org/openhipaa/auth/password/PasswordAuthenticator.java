package org.openhipaa.auth.password;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.openhipaa.auth.password.AuthenticationResult.Authenticated;
import org.openhipaa.auth.password.AuthenticationResult.Refused;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.audit.AuditAction;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.AuditSink;
import org.openhipaa.core.audit.Outcome;

/**
 * Turns a user id and a password into an {@link Actor} of {@link Assurance#AAL1} (45 CFR
 * 164.312(d); NIST SP 800-63B-4 section 3.1.1).
 *
 * <p>Every attempt goes one way: take a turn at the hasher, reserve the attempt, hash, settle,
 * record, answer. An attempt that has nothing to verify (unknown or malformed user id, disabled
 * account, too many attempts, unreadable hash) hashes just as much against a decoy, so neither the
 * answer nor, within the limits below, its time tells whether an account exists. Each attempt
 * leaves exactly one audit event (45 CFR 164.308(a)(5)(ii)(C)), and there is no actor without one.
 *
 * <p>What an observer may still measure: the database write that counts an attempt on an existing
 * account, and attempts on an account whose stored hash has another cost than the hasher's, until
 * its next log-in renews it. Strangers who guess can make the owner of an account wait.
 *
 * <p>Throttling: five consecutive failures are free, each further attempt waits 30 seconds after
 * the one before, doubling to 15 minutes; after 100 only a new password set through {@link
 * Accounts#changePassword} helps. A success starts anew. An attempt under way counts as failed
 * until it has succeeded, so of more than five at once some may be refused though right.
 *
 * <p>Thread-safe. Several processes may share one store.
 */
public final class PasswordAuthenticator {
  private static final String DETAIL = "password";
  private static final String DETAIL_RENEWED = "password; hash renewed";
  private static final long NO_VERSION = -1;

  private final CredentialStore store;
  private final PasswordHasher hasher;
  private final AuditSink audit;
  private final Clock clock;
  private final Credential nobody;

  private enum Reason {
    WRONG_PASSWORD,
    PASSWORD_TOO_LONG,
    UNKNOWN_USER,
    DISABLED,
    THROTTLED,
    LOCKED,
    OVERLOADED,
    CREDENTIAL_UNREADABLE,
    STORE_FAILED,
    INTERNAL_ERROR
  }

  /**
   * Makes an authenticator.
   *
   * @param store keeps the accounts
   * @param hasher verifies and renews hashes; share it with {@link Accounts}
   * @param audit records every attempt
   * @param clock the time for waits and events
   */
  public PasswordAuthenticator(
      CredentialStore store, PasswordHasher hasher, AuditSink audit, Clock clock) {
    this.store = store;
    this.hasher = hasher;
    this.audit = audit;
    this.clock = clock;
    this.nobody = new Credential(
        AuditEvent.UNKNOWN, Set.of(), hasher.decoy().text(), false, Throttle.NONE, NO_VERSION);
  }

  /**
   * Verifies a password. The answer comes after the audit event is recorded.
   *
   * @param userId whatever was typed as the user id; compared without regard to case, never
   *     recorded as typed
   * @param password whatever was typed as the password; neither kept nor changed, so wipe it
   *     afterwards
   * @return an actor, or a refusal that does not tell why
   * @throws org.openhipaa.core.audit.AuditNotRecordedException if the attempt was not surely
   *     recorded; nobody is logged in
   * @throws PasswordNotHashedException if too many others are logging in; nothing was counted
   * @throws CredentialsNotAvailableException if the store fails; nobody is logged in, the attempt
   *     may be counted
   * @throws PasswordHashNotReadException if the account exists but its stored hash cannot be read
   */
  public AuthenticationResult authenticate(String userId, char[] password) {
    Verdict verdict = judge(userId, password);
    record(verdict);
    if (verdict.failure != null) {
      throw verdict.failure;
    }
    return verdict.actor == null ? new Refused() : new Authenticated(verdict.actor);
  }

  private Verdict judge(String userId, char[] password) {
    // The turn comes first: who is sent away by overload has cost the store nothing and has lost
    // no attempt. The turn ends before the audit log is written, so a slow log blocks no hashing.
    try (PasswordHasher.Turn turn = hasher.awaitTurn();
        TypedPassword typed = TypedPassword.of(password)) {
      Attempt attempt = reserve(userId);
      boolean matches = turn.matches(typed.utf8(), attempt.hash);
      if (attempt.obstacle != null) {
        return attempt.obstacle;
      }
      if (typed.tooLong()) {
        return refused(attempt.account, Reason.PASSWORD_TOO_LONG);
      }
      if (typed.malformed() || !matches) {
        return refused(attempt.account, Reason.WRONG_PASSWORD);
      }
      return CredentialChange.apply(
          store, attempt.account, found -> settle(found, attempt, typed, turn));
    } catch (PasswordNotHashedException e) {
      return failed(AuditEvent.UNKNOWN, Reason.OVERLOADED, e);
    } catch (PasswordHashNotReadException e) {
      return failed(AuditEvent.UNKNOWN, Reason.CREDENTIAL_UNREADABLE, e);
    } catch (CredentialsNotAvailableException e) {
      return failed(AuditEvent.UNKNOWN, Reason.STORE_FAILED, e);
    } catch (RuntimeException e) {
      return failed(AuditEvent.UNKNOWN, Reason.INTERNAL_ERROR, e);
    }
  }

  private Attempt reserve(String userId) {
    // A malformed id takes the way of an unknown one, through the store.
    ActorId id = ActorId.isValid(userId) ? ActorId.of(userId) : AuditEvent.UNKNOWN;
    Attempt attempt = CredentialChange.apply(store, id, this::reserve);
    if (attempt.obstacle != null) {
      // Counting an attempt is a statement to the database. Send one that changes nothing, too.
      store.replace(nobody, nobody);
    }
    return attempt;
  }

  private CredentialChange<Attempt> reserve(Optional<Credential> found) {
    Credential account = found.orElse(nobody);
    Instant now = clock.instant();
    // A row under a reserved id would be everybody's account: malformed ids are looked up as one.
    if (ReservedIds.contain(account.id())) {
      return hindered(refused(AuditEvent.UNKNOWN, Reason.UNKNOWN_USER));
    }
    if (!account.enabled()) {
      return hindered(refused(account.id(), Reason.DISABLED));
    }
    if (ThrottlePolicy.locked(account.throttle())) {
      return hindered(refused(account.id(), Reason.LOCKED));
    }
    if (ThrottlePolicy.mustWait(account.throttle(), now)) {
      return hindered(refused(account.id(), Reason.THROTTLED));
    }
    try {
      PasswordHash hash = PasswordHash.parse(account.passwordHash());
      return CredentialChange.to(
          account,
          account.withThrottle(ThrottlePolicy.reserve(account.throttle(), now)),
          new Attempt(account.id(), hash, null));
    } catch (PasswordHashNotReadException e) {
      return hindered(failed(account.id(), Reason.CREDENTIAL_UNREADABLE, e));
    }
  }

  private CredentialChange<Attempt> hindered(Verdict obstacle) {
    return CredentialChange.none(new Attempt(obstacle.event.actor(), hasher.decoy(), obstacle));
  }

  /**
   * After the right password: what if the account was disabled or got another password meanwhile?
   */
  private CredentialChange<Verdict> settle(
      Optional<Credential> found, Attempt attempt, TypedPassword typed, PasswordHasher.Turn turn) {
    Credential account = found.orElse(nobody);
    if (!account.enabled()) {
      return CredentialChange.none(refused(attempt.account, Reason.DISABLED));
    }
    PasswordHash hash = PasswordHash.parse(account.passwordHash());
    if (!hash.text().equals(attempt.hash.text()) && !turn.matches(typed.utf8(), hash)) {
      return CredentialChange.none(refused(attempt.account, Reason.WRONG_PASSWORD));
    }
    boolean renew = hasher.outdated(hash);
    Credential next = account.withThrottle(Throttle.NONE);
    return CredentialChange.to(
        account,
        renew ? next.withPasswordHash(turn.hash(typed.utf8()).text()) : next,
        accepted(account, renew));
  }

  private void record(Verdict verdict) {
    try {
      audit.record(verdict.event);
    } catch (RuntimeException e) {
      if (verdict.failure != null) {
        e.addSuppressed(verdict.failure);
      }
      throw e;
    }
  }

  private Verdict accepted(Credential account, boolean renewed) {
    Instant now = clock.instant();
    return new Verdict(
        AuditEvent.builder(now, AuditAction.LOGIN, Outcome.SUCCESS, account.id())
            .detail(renewed ? DETAIL_RENEWED : DETAIL)
            .build(),
        Actor.authenticated(account.id(), account.groups(), Assurance.AAL1, now),
        null);
  }

  private Verdict refused(ActorId account, Reason reason) {
    return new Verdict(event(Outcome.REFUSED, account, reason), null, null);
  }

  private Verdict failed(ActorId account, Reason reason, RuntimeException failure) {
    return new Verdict(event(Outcome.FAILED, account, reason), null, failure);
  }

  private AuditEvent event(Outcome outcome, ActorId account, Reason reason) {
    return AuditEvent.builder(clock.instant(), AuditAction.LOGIN, outcome, account)
        .reason(reason.name())
        .detail(DETAIL)
        .build();
  }

  /** A reserved attempt and the hash to verify it by, or what stands in its way and a decoy. */
  private static final class Attempt {
    private final ActorId account;
    private final PasswordHash hash;
    private final @Nullable Verdict obstacle;

    Attempt(ActorId account, PasswordHash hash, @Nullable Verdict obstacle) {
      this.account = account;
      this.hash = hash;
      this.obstacle = obstacle;
    }
  }

  /**
   * What the log will say and, apart from it, what the caller gets: an actor, a failure, or
   * neither.
   */
  private static final class Verdict {
    private final AuditEvent event;
    private final @Nullable Actor actor;
    private final @Nullable RuntimeException failure;

    Verdict(AuditEvent event, @Nullable Actor actor, @Nullable RuntimeException failure) {
      this.event = event;
      this.actor = actor;
      this.failure = failure;
    }
  }
}
