package org.openhipaa.auth.password;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.openhipaa.core.actor.ActorId;

/**
 * Which passwords may be chosen, where the password is the only factor (NIST SP 800-63B-4 section
 * 3.1.1.2; 45 CFR 164.308(a)(5)(ii)(D)): 15 to 1,024 characters, counted as Unicode code points
 * after NFKC normalisation, any characters, no rules about their kinds; but no user id, no name of
 * the place, nothing that everybody knows.
 *
 * <p>The shipped list of well-known passwords has a few dozen entries and is a courtesy, not a
 * breach list; a real one comes from the operator, as a predicate. Applied only when a password is
 * set, never at log-in. Immutable; thread-safe if the predicate is.
 */
public final class PasswordPolicy {
  private static final int MIN_LENGTH = 15;
  private static final int MIN_WORD = 4;
  private static final int LONGEST_PIECE = 8;

  private static final List<String> TRACKS = Stream.of(
          "abcdefghijklmnopqrstuvwxyz",
          "1234567890",
          "qwertyuiop",
          "qwertyuiopasdfghjklzxcvbnm",
          "1234567890qwertyuiopasdfghjklzxcvbnm",
          "qwertzuiopasdfghjklyxcvbnm",
          "azertyuiopqsdfghjklmwxcvbn",
          "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
          "qazwsxedcrfvtgbyhnujmikolp",
          "1q2w3e4r5t6y7u8i9o0p",
          "a1b2c3d4e5f6g7h8i9j0",
          "!@#$%^&*()")
      .flatMap(track -> Stream.of(track, new StringBuilder(track).reverse().toString()))
      .toList();

  private final List<String> contextWords;
  private final Predicate<String> breached;

  /**
   * Makes a policy.
   *
   * @param contextWords words that no password may contain, such as the names of the facility and
   *     of the service, at least 4 characters each; compared without regard to case
   * @param breached true for a password that is known from a breach or otherwise unfit; gets the
   *     whole NFKC-normalised password, must not keep it, and must be thread-safe. {@code
   *     myList::contains} will do; {@code p -> false} if there is no list
   * @throws IllegalArgumentException if a context word is too short
   */
  public PasswordPolicy(Set<String> contextWords, Predicate<String> breached) {
    this.contextWords = contextWords.stream().map(PasswordPolicy::fold).sorted().toList();
    this.breached = breached;
    if (this.contextWords.stream().anyMatch(word -> length(word) < MIN_WORD)) {
      throw new IllegalArgumentException(
          "a context word must have at least " + MIN_WORD + " characters");
    }
  }

  /**
   * Judges a password that somebody wants to have.
   *
   * @param password the password; neither kept nor changed
   * @param user whose it would be; an id of less than 4 characters may be part of it
   * @return the first rule that it breaks, or empty if it is fit
   */
  public Optional<PasswordRule> firstBroken(char[] password, ActorId user) {
    try (TypedPassword typed = TypedPassword.of(password)) {
      return firstBroken(typed, user);
    }
  }

  Optional<PasswordRule> firstBroken(TypedPassword typed, ActorId user) {
    if (typed.tooLong()) {
      return Optional.of(PasswordRule.PASSWORD_TOO_LONG);
    }
    if (typed.malformed()) {
      return Optional.of(PasswordRule.PASSWORD_UNSUPPORTED_CHARACTER);
    }
    if (typed.length() < MIN_LENGTH) {
      return Optional.of(PasswordRule.PASSWORD_TOO_SHORT);
    }
    return firstBroken(typed.text(), user);
  }

  private Optional<PasswordRule> firstBroken(String password, ActorId user) {
    String folded = fold(password);
    String id = fold(user.value());
    if (!isStable(password)) {
      return Optional.of(PasswordRule.PASSWORD_UNSUPPORTED_CHARACTER);
    }
    if (id.length() >= MIN_WORD && folded.contains(id)) {
      return Optional.of(PasswordRule.PASSWORD_CONTAINS_USER_ID);
    }
    if (contextWords.stream().anyMatch(folded::contains)) {
      return Optional.of(PasswordRule.PASSWORD_CONTAINS_CONTEXT_WORD);
    }
    if (isRepetition(folded)) {
      return Optional.of(PasswordRule.PASSWORD_REPETITION);
    }
    if (isSequence(folded)) {
      return Optional.of(PasswordRule.PASSWORD_SEQUENCE);
    }
    if (WellKnownPasswords.contain(folded) || breached.test(password)) {
      return Optional.of(PasswordRule.PASSWORD_WELL_KNOWN);
    }
    return Optional.empty();
  }

  // Unicode keeps the normal form of assigned characters for ever, and of no others: a newer Java
  // might normalise an unassigned one differently and lock its owner out.
  private static boolean isStable(String password) {
    return password.codePoints().allMatch(Character::isDefined);
  }

  private static boolean isRepetition(String password) {
    for (int piece = 1; piece <= LONGEST_PIECE; piece++) {
      if (password.regionMatches(0, password, piece, password.length() - piece)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSequence(String password) {
    return TRACKS.stream()
        .anyMatch(track -> track.repeat(password.length() / track.length() + 2).contains(password));
  }

  private static String fold(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
