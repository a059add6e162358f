package org.openhipaa.core.access.breakglass;

/** Whether the patient was told. The names are kept in stores and are never renamed. */
public enum PatientNotice {
  /** Nobody has to be told, or no patient was named. */
  NONE,
  /** The patient has still to be told. */
  DUE,
  /** The patient was told. */
  GIVEN
}
