package org.openhipaa.core.access.consent;

import org.openhipaa.core.access.DenyReason;

/** Why a request is denied: a code, and a sentence without PHI. */
record Objection(DenyReason why, String explanation) {
  static Objection withheld(String explanation) {
    return new Objection(DenyReason.CONSENT_WITHHELD, explanation);
  }
}
