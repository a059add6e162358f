package org.openhipaa.audit.incident;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.openhipaa.core.alarm.Alarm;

/**
 * Keeps and finds incidents; the port of {@link IncidentDesk}, which decides who may do what.
 *
 * <p>For implementors: called from many threads and, where the store is shared, from several processes. What a method
 * returned survives a power failure. Times are kept in milliseconds. Notes may hold PHI: seal them before they reach a disk.
 */
public interface IncidentStore {
  /**
   * Opens an incident, or counts up the one that is open for the same fault. When several threads raise the same fault at
   * once there is one incident, and none of its alarms is lost. An alarm's suspect is added to those of the incident.
   *
   * @param freshId the id of the incident if a new one is opened
   * @param fingerprint tells faults apart: 64 lower-case hexadecimal digits
   * @param alarm what was raised; source at most 200 characters, location 1,000, message 2,000
   * @return the incident as it is now
   * @throws IncidentNotStoredException if it is not surely stored
   */
  Incident raise(UUID freshId, String fingerprint, Alarm alarm);

  /**
   * Finds an incident.
   *
   * @param id its id
   * @return the incident, or empty if there is none of this id
   * @throws IncidentNotReadException if the store cannot be read
   */
  Optional<Incident> find(UUID id);

  /**
   * Lists incidents, the one whose newest alarm is newest first.
   *
   * @param limit how many at most
   * @return the incidents
   * @throws IncidentNotReadException if the store cannot be read
   */
  List<Incident> newest(int limit);

  /**
   * Takes a step, if the incident is still in the state that it was decided in. When several try at once, exactly one succeeds.
   *
   * @param id the incident's id
   * @param from the state that it must be in
   * @param step the step
   * @return false if there is no such incident or it is in another state; then nothing changes
   * @throws IncidentNotStoredException if the step is not surely stored
   */
  boolean advance(UUID id, IncidentState from, IncidentStep step);
}
