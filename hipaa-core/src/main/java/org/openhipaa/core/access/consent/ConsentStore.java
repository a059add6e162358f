package org.openhipaa.core.access.consent;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Keeps and finds directives and restrictions; the port of {@link Consents}. Sees pseudonyms and
 * sealed bytes, never a patient.
 *
 * <p>For implementors: called from many threads and, where the store is shared, from several
 * processes, at every decision. What a method returned survives a power failure. Must never happen:
 * an entry that is found without its end after {@link #end} has returned, so do not cache. Every
 * method throws {@link ConsentNotKeptException} if it cannot surely do what it says.
 */
public interface ConsentStore {
  /**
   * Keeps an entry.
   *
   * @param entry the entry; its id is new
   */
  void add(ConsentEntry entry);

  /**
   * Finds all entries of a patient, those that were ended, too.
   *
   * @param patientToken the patient's pseudonym
   * @return the entries, oldest first
   */
  List<ConsentEntry> find(String patientToken);

  /**
   * Ends an entry, once.
   *
   * @param patientToken the pseudonym of its patient
   * @param id its id
   * @param at when
   * @return false if the patient has no such entry, or it was ended before; then nothing changes
   */
  boolean end(String patientToken, UUID id, Instant at);
}
