package org.openhipaa.auth.password;

import java.util.function.Function;

/** What came of an act of account administration. Immutable and thread-safe. */
public sealed interface AccountResult {
  /**
   * Handles all cases.
   *
   * @param done what to do when it was done
   * @param refused what to do when the account stood in the way
   * @param passwordRefused what to do when the new password is not fit
   * @param <R> the type of the result
   * @return what the chosen function returned
   */
  <R> R fold(
      Function<? super Done, ? extends R> done,
      Function<? super Refused, ? extends R> refused,
      Function<? super PasswordRefused, ? extends R> passwordRefused);

  /** It is done and recorded. */
  record Done() implements AccountResult {
    @Override
    public <R> R fold(
        Function<? super Done, ? extends R> done,
        Function<? super Refused, ? extends R> refused,
        Function<? super PasswordRefused, ? extends R> passwordRefused) {
      return done.apply(this);
    }
  }

  /**
   * It is not done, because of the account. The refusal is recorded.
   *
   * @param reason why
   */
  record Refused(Reason reason) implements AccountResult {
    @Override
    public <R> R fold(
        Function<? super Done, ? extends R> done,
        Function<? super Refused, ? extends R> refused,
        Function<? super PasswordRefused, ? extends R> passwordRefused) {
      return refused.apply(this);
    }
  }

  /**
   * It is not done, because the password breaks a rule. The refusal is recorded, the password is
   * not.
   *
   * @param rule the first rule that it breaks
   */
  record PasswordRefused(PasswordRule rule) implements AccountResult {
    @Override
    public <R> R fold(
        Function<? super Done, ? extends R> done,
        Function<? super Refused, ? extends R> refused,
        Function<? super PasswordRefused, ? extends R> passwordRefused) {
      return passwordRefused.apply(this);
    }
  }

  /** Why an account stands in the way. The names are reason codes of the audit log. */
  enum Reason {
    /**
     * An account has or had this id, if in another case; ids are never reused (45 CFR
     * 164.312(a)(2)(i)).
     */
    ID_TAKEN,
    /** The id means something else in the audit log. */
    ID_RESERVED,
    /** There never was such an account. */
    NO_SUCH_ACCOUNT
  }
}
