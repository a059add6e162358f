package org.openhipaa.core.access.grant;

/** How far a grant is. The names are kept in stores and are never renamed. */
public enum GrantState {
  /** Asked for. */
  REQUESTED,
  /** Approved; whether it still holds depends on the time. */
  ACTIVE,
  /** Asked for in vain. */
  REJECTED,
  /** Taken away, or withdrawn before it was approved. */
  REVOKED
}
