package org.openhipaa.core.access;

/**
 * Why a request was denied. The names are codes in audit entries: they are never renamed. From {@link
 * #NO_MATCHING_RULE} to {@link #ASSURANCE_TOO_LOW} the order is that of nearness: the later, the
 * less was missing.
 */
public enum DenyReason {
  /** A deny rule matched; denial overrides every permission. */
  DENIED_BY_RULE,
  /** The actor is in two groups that nobody may be in at once. */
  DUTIES_NOT_SEPARATED,
  /** The policy knows no such record type. */
  UNKNOWN_RECORD_TYPE,
  /** The request names a field that the record type does not have. */
  UNKNOWN_FIELD,
  /** No rule gives any of the actor's groups this action on this record type. */
  NO_MATCHING_RULE,
  /** A rule would permit it for another purpose. */
  PURPOSE_NOT_PERMITTED,
  /** A rule would permit it under another condition, such as another department. */
  CONDITION_NOT_MET,
  /** A rule would permit it to somebody who has broken the glass. */
  BREAK_GLASS_NEEDED,
  /** A rule would permit it with a relation, such as treating the patient, that does not hold. */
  RELATION_MISSING,
  /** A rule would permit it with a stronger authentication, and nothing else is missing. */
  ASSURANCE_TOO_LOW,
  /** The rules permit the action, but none of the fields that were asked for. */
  NO_PERMITTED_FIELD,
  /** The request filters or sorts by a field that it may not see unmasked. */
  FIELD_NOT_FOR_FILTER,
  /** The request states no reason, and the rule demands one. */
  REASON_NEEDED,
  /** A second person has to approve the request. */
  APPROVAL_NEEDED,
  /** Somebody who must be told could not be told. */
  NOTIFICATION_FAILED,
  /** The actor has reached as much as the quota allows in its window. */
  QUOTA_EXCEEDED,
  /** A directive of the patient withholds consent. */
  CONSENT_WITHHELD,
  /** A restriction that was agreed with the patient stands against it (45 CFR 164.522(a)). */
  RESTRICTED,
  /** A safeguard beside the policy could not answer. */
  SAFEGUARD_FAILED
}
