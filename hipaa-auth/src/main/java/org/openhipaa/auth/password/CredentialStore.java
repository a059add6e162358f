package org.openhipaa.auth.password;

import java.util.Optional;
import org.openhipaa.core.actor.ActorId;

/**
 * Keeps accounts. The port between the authenticator, which decides, and whatever remembers.
 *
 * <p>For implementors: all methods are called from many threads and, if the store is shared, from
 * many processes at once. Ids are compared without regard to the case of ASCII letters: {@code Ann}
 * and {@code ann} are one account, known by the spelling that it was created with. There is no way
 * to remove an account, because its id must never be given to anybody else (45 CFR
 * 164.312(a)(2)(i)); keep a disabled account for ever.
 *
 * <p>What must never happen: that two calls of {@link #replace} with the same expected state both
 * return true, or that anything acknowledged is undone later, for instance because the caller's
 * database transaction was rolled back. Either lets passwords be guessed faster than permitted.
 * Messages of exceptions hold no hash; take care with causes, databases like to quote the row.
 */
public interface CredentialStore {
  /**
   * Adds an account. Called twice with the same id, the second call returns false, whatever has
   * happened to the account since. When it throws, the account may or may not be there; a further
   * call tells.
   *
   * @param credential the account; its version is ignored
   * @return false if the id is or was taken; then nothing has changed
   * @throws CredentialsNotAvailableException if the account is not surely added
   */
  boolean create(Credential credential);

  /**
   * Finds an account, enabled or not. Changes nothing.
   *
   * @param id whose account
   * @return its latest state, or empty if there never was such an account
   * @throws CredentialsNotAvailableException if the account cannot be read or what was read is
   *     damaged
   */
  Optional<Credential> find(ActorId id);

  /**
   * Changes an account, if it is still as it was found: compare-and-set on the version. Called
   * twice, the second call returns false. When it throws, the change may or may not be made;
   * callers find the account again.
   *
   * @param expected the state that was found
   * @param next the new state, with the same id; its version is ignored and the stored one becomes
   *     a new one
   * @return false if there is no such account or it has changed since; then nothing has changed now
   * @throws CredentialsNotAvailableException if the change is not surely made
   */
  boolean replace(Credential expected, Credential next);
}
