package org.openhipaa.core.access;

/** Why a request was denied. The names are codes in audit entries: they are never renamed. */
public enum DenyReason {
  /** A deny rule matched; denial overrides every permission. */
  DENIED_BY_RULE,
  /** The policy knows no such record type. */
  UNKNOWN_RECORD_TYPE,
  /** The request names a field that the record type does not have. */
  UNKNOWN_FIELD,
  /** No rule gives any of the actor's groups this action on this record type. */
  NO_MATCHING_RULE,
  /** A rule would permit it for another purpose. */
  PURPOSE_NOT_PERMITTED,
  /** A rule would permit it with a stronger authentication. */
  ASSURANCE_TOO_LOW,
  /** A rule would permit it with a relation, such as treating the patient, that does not hold. */
  RELATION_MISSING,
  /** The rules permit the action, but none of the fields that were asked for. */
  NO_PERMITTED_FIELD,
  /** The actor has reached as many patients as the quota allows in its window. */
  QUOTA_EXCEEDED
}
