package org.openhipaa.auth.password;

import java.util.Optional;
import org.openhipaa.core.actor.ActorId;

/** A store in whose middle something else happens: before the n-th change it runs the hook once. */
final class HookedStore implements CredentialStore {
  private final CredentialStore real;
  private final Runnable hook;
  private int changesUntilHook;

  HookedStore(CredentialStore real, int change, Runnable hook) {
    this.real = real;
    this.changesUntilHook = change;
    this.hook = hook;
  }

  @Override
  public boolean create(Credential credential) {
    hookBeforeChange();
    return real.create(credential);
  }

  @Override
  public Optional<Credential> find(ActorId id) {
    return real.find(id);
  }

  @Override
  public boolean replace(Credential expected, Credential next) {
    hookBeforeChange();
    return real.replace(expected, next);
  }

  private void hookBeforeChange() {
    if (--changesUntilHook == 0) {
      hook.run();
    }
  }
}
