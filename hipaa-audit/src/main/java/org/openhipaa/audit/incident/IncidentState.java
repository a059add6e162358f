package org.openhipaa.audit.incident;

/** How far the handling of an incident is. The names are stored: they are never renamed. */
public enum IncidentState {
  /** Nobody has taken it on yet. */
  NEW,
  /** Somebody has seen it and taken it on. */
  ACKNOWLEDGED
}
