package org.openhipaa.auth.password;

import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.openhipaa.auth.password.AccountResult.Done;
import org.openhipaa.auth.password.AccountResult.PasswordRefused;
import org.openhipaa.auth.password.AccountResult.Reason;
import org.openhipaa.auth.password.AccountResult.Refused;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.audit.AuditAction;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.AuditNotRecordedException;
import org.openhipaa.core.audit.AuditSink;
import org.openhipaa.core.audit.Outcome;
import org.openhipaa.core.audit.Receipt;

/**
 * Makes and changes accounts (45 CFR 164.308(a)(3)(ii), (4)(ii)(C)). Whether the acting person may
 * do so is for the caller to decide beforehand; what they did is recorded under their name.
 *
 * <p>The audit event is recorded before the change is made, so there is no change without a record.
 * If the change then fails after all, a second event with {@link Outcome#FAILED} or {@link
 * Outcome#REFUSED} follows. Events name accounts that exist or are about to, and never an id that
 * is only a slip of the keyboard.
 *
 * <p>Nothing here ends what an actor already in hand may do: a disabled account refuses the next
 * log-in. Thread-safe.
 */
public final class Accounts {
  private final CredentialStore store;
  private final PasswordHasher hasher;
  private final PasswordPolicy policy;
  private final AuditSink audit;
  private final Clock clock;

  /**
   * Makes an administration of accounts.
   *
   * @param store keeps the accounts
   * @param hasher hashes passwords; share it with {@link PasswordAuthenticator}
   * @param policy judges passwords
   * @param audit records every act
   * @param clock the time for events
   */
  public Accounts(
      CredentialStore store,
      PasswordHasher hasher,
      PasswordPolicy policy,
      AuditSink audit,
      Clock clock) {
    this.store = store;
    this.hasher = hasher;
    this.policy = policy;
    this.audit = audit;
    this.clock = clock;
  }

  /**
   * Makes an account.
   *
   * @param by who does it; for the very first account, an actor with the id {@link
   *     AuditEvent#SYSTEM}
   * @param id whose account; differs from all others in more than case, and is theirs for ever
   * @param groups the user groups
   * @param password the first password; neither kept nor changed
   * @return done, or why not
   * @throws AuditNotRecordedException if the act was not surely recorded; then no account was made
   * @throws PasswordNotHashedException if too many passwords are being hashed; no account was made
   * @throws CredentialsNotAvailableException if the store fails; the account may or may not be made
   */
  public AccountResult create(Actor by, ActorId id, Set<Group> groups, char[] password) {
    Act act = new Act(by, "create account");
    return act.run(() -> {
      if (ReservedIds.contain(id)) {
        return new Refused(Reason.ID_RESERVED);
      }
      if (store.find(id).isPresent()) {
        act.concerns(id);
        return new Refused(Reason.ID_TAKEN);
      }
      return withHash(password, id, hash -> {
        act.concerns(id, groups);
        act.recordDone();
        return store.create(new Credential(id, groups, hash, true, Throttle.NONE, 0))
            ? new Done()
            : new Refused(Reason.ID_TAKEN);
      });
    });
  }

  /**
   * Gives an account a new password, and all its attempts back. It stays disabled if it was.
   *
   * @param by who does it: the owner, after they have logged in anew, or an administrator
   * @param id whose account
   * @param password the new password; neither kept nor changed
   * @return done, or why not
   * @throws AuditNotRecordedException if the act was not surely recorded; then nothing has changed
   * @throws PasswordNotHashedException if too many passwords are being hashed; nothing has changed
   * @throws CredentialsNotAvailableException if the store fails; the password may or may not be
   *     changed
   */
  public AccountResult changePassword(Actor by, ActorId id, char[] password) {
    Act act = new Act(by, "change password");
    return act.run(() -> withAccount(id, account -> {
      act.concerns(account.id());
      return withHash(password, account.id(), hash -> {
        act.recordDone();
        return change(account.id(), was -> was.withPasswordHash(hash).withThrottle(Throttle.NONE));
      });
    }));
  }

  /**
   * Disables an account, for ever: nobody logs in with it again, and nobody else gets its id.
   *
   * @param by who does it
   * @param id whose account
   * @return done, also if it was disabled before, or why not
   * @throws AuditNotRecordedException if the act was not surely recorded; then nothing has changed
   * @throws CredentialsNotAvailableException if the store fails; the account may or may not be
   *     disabled
   */
  public AccountResult disable(Actor by, ActorId id) {
    Act act = new Act(by, "disable account");
    return act.run(() -> withAccount(id, account -> {
      act.concerns(account.id());
      act.recordDone();
      return change(account.id(), Credential::disabled);
    }));
  }

  /**
   * Replaces the user groups of an account; the next log-in has the new ones.
   *
   * @param by who does it
   * @param id whose account
   * @param groups all groups from now on
   * @return done, or why not
   * @throws AuditNotRecordedException if the act was not surely recorded; then nothing has changed
   * @throws CredentialsNotAvailableException if the store fails; the groups may or may not be
   *     changed
   */
  public AccountResult setGroups(Actor by, ActorId id, Set<Group> groups) {
    Act act = new Act(by, "set groups");
    return act.run(() -> withAccount(id, account -> {
      act.concerns(account.id(), groups);
      act.recordDone();
      return change(account.id(), was -> was.withGroups(groups));
    }));
  }

  private AccountResult withAccount(ActorId id, Function<Credential, AccountResult> work) {
    return store.find(id).map(work).orElseGet(() -> new Refused(Reason.NO_SUCH_ACCOUNT));
  }

  private AccountResult withHash(
      char[] password, ActorId user, Function<String, AccountResult> work) {
    String hash;
    try (TypedPassword typed = TypedPassword.of(password)) {
      Optional<PasswordRule> broken = policy.firstBroken(typed, user);
      if (broken.isPresent()) {
        return new PasswordRefused(broken.get());
      }
      try (PasswordHasher.Turn turn = hasher.awaitTurn()) {
        hash = turn.hash(typed.utf8()).text();
      }
    }
    return work.apply(hash);
  }

  private AccountResult change(ActorId id, UnaryOperator<Credential> change) {
    return CredentialChange.apply(
        store,
        id,
        found -> found
            .map(was -> CredentialChange.<AccountResult>to(was, change.apply(was), new Done()))
            .orElseGet(() -> CredentialChange.none(new Refused(Reason.NO_SUCH_ACCOUNT))));
  }

  /** One act, its record, and what the record may say so far. */
  private final class Act {
    private final Actor by;
    private String detail;

    Act(Actor by, String name) {
      this.by = by;
      this.detail = name;
    }

    void concerns(ActorId account) {
      detail += ": " + account.value();
    }

    void concerns(ActorId account, Set<Group> groups) {
      concerns(account);
      detail += new TreeSet<>(groups)
          .stream().map(Group::value).collect(Collectors.joining(" ", ", groups [", "]"));
    }

    void recordDone() {
      record(Outcome.SUCCESS, "");
    }

    AccountResult run(Supplier<AccountResult> work) {
      AccountResult result;
      try {
        result = work.get();
      } catch (AuditNotRecordedException e) {
        throw e;
      } catch (RuntimeException e) {
        recordFailure(e);
        throw e;
      }
      result.fold(
          done -> null,
          refused -> record(Outcome.REFUSED, refused.reason().name()),
          refused -> record(Outcome.REFUSED, refused.rule().name()));
      return result;
    }

    private void recordFailure(RuntimeException failure) {
      try {
        record(Outcome.FAILED, failure.getClass().getSimpleName());
      } catch (RuntimeException e) {
        e.addSuppressed(failure);
        throw e;
      }
    }

    private Receipt record(Outcome outcome, String reason) {
      return audit.record(
          AuditEvent.builder(clock.instant(), AuditAction.ADMINISTER, outcome, by.id())
              .reason(reason)
              .detail(detail)
              .build());
    }
  }
}
