package org.openhipaa.auth.password;

import java.util.function.Function;
import org.openhipaa.core.actor.Actor;

/**
 * What came of a log-in: an actor, or a refusal that looks the same whatever its reason. Immutable
 * and thread-safe.
 */
public sealed interface AuthenticationResult {
  /**
   * Handles both cases.
   *
   * @param authenticated what to do with the actor
   * @param refused what to do with a refusal
   * @param <R> the type of the result
   * @return what the chosen function returned
   */
  <R> R fold(
      Function<? super Authenticated, ? extends R> authenticated,
      Function<? super Refused, ? extends R> refused);

  /**
   * The person is who they say they are, and the log-in is recorded.
   *
   * @param actor who, from here on
   */
  record Authenticated(Actor actor) implements AuthenticationResult {
    @Override
    public <R> R fold(
        Function<? super Authenticated, ? extends R> authenticated,
        Function<? super Refused, ? extends R> refused) {
      return authenticated.apply(this);
    }
  }

  /**
   * The log-in was refused, and the refusal is recorded. Wrong password, unknown user, too many
   * attempts and disabled account are one answer on purpose; only the audit event tells them apart.
   */
  record Refused() implements AuthenticationResult {
    /**
     * What to show to the person; the same text in every case.
     *
     * @return one sentence in English
     */
    public String message() {
      return "The user name or the password is not accepted, or there were too many attempts;"
          + " wait a little and try again, or ask your administrator.";
    }

    @Override
    public <R> R fold(
        Function<? super Authenticated, ? extends R> authenticated,
        Function<? super Refused, ? extends R> refused) {
      return refused.apply(this);
    }
  }
}
