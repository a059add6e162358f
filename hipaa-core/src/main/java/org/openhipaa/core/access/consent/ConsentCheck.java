package org.openhipaa.core.access.consent;

import java.util.List;
import java.util.Optional;

/** One rule of law or agreement that may stand against a request. */
@FunctionalInterface
interface ConsentCheck {
  /** Looks at an inquiry in the light of the directives and restrictions that are in force. */
  Optional<Objection> check(Inquiry q, List<ConsentRule> inForce);
}
