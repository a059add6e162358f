package org.openhipaa.core.access.breakglass;

/** What a ticket is for. The names are kept in stores and are never renamed. */
public enum BreakGlassScope {
  /** One record. */
  RECORD,
  /** All records of one patient. */
  PATIENT,
  /** Whatever the actor reads in one session. */
  SESSION
}
