package org.openhipaa.auth.password;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.actor.ActorId;

/**
 * Find, decide, compare-and-set, and once more if somebody was quicker: the one way in which this
 * package changes an account, so that every decision is made on the state that it changes.
 */
final class CredentialChange<T> {
  // Each lost round means that somebody else made a change, and the throttle lets few be made.
  private static final int MAX_ROUNDS = 100;

  private final T result;
  private final @Nullable Credential expected;
  private final @Nullable Credential next;

  private CredentialChange(T result, @Nullable Credential expected, @Nullable Credential next) {
    this.result = result;
    this.expected = expected;
    this.next = next;
  }

  /** Decides to leave the account as it is. */
  static <T> CredentialChange<T> none(T result) {
    return new CredentialChange<>(result, null, null);
  }

  /** Decides to change the account; the result stands only if that succeeds. */
  static <T> CredentialChange<T> to(Credential expected, Credential next, T result) {
    return new CredentialChange<>(result, expected, next);
  }

  /** Applies a decision, which may be asked several times and must then decide anew. */
  static <T> T apply(
      CredentialStore store,
      ActorId id,
      Function<Optional<Credential>, CredentialChange<T>> decision) {
    for (int round = 0; round < MAX_ROUNDS; round++) {
      CredentialChange<T> change = decision.apply(store.find(id));
      if (change.expected == null
          || change.next == null
          || store.replace(change.expected, change.next)) {
        return change.result;
      }
    }
    throw new CredentialsNotAvailableException(
        "an account was not changed: it was changed by others "
            + MAX_ROUNDS
            + " times meanwhile; try again");
  }
}
