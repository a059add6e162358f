package org.openhipaa.core.access.quota.memory;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.quota.QuotaCharge;

/** Counts different patients: a list in the order in which they were last seen. */
final class PatientWindow extends Window {
  private final Map<String, Patient> patients = new HashMap<>();
  private @Nullable Patient head;
  private @Nullable Patient tail;
  private @Nullable Patient firstCounted;

  /** Who was found when the cost was asked, which is just before the charge. */
  private @Nullable Patient found;

  @Override
  void moveTo(long newHorizon) {
    while (firstCounted != null && firstCounted.lastSeen <= newHorizon) {
      firstCounted = firstCounted.next;
      counted--;
    }
    Patient before = firstCounted == null ? tail : firstCounted.previous;
    while (before != null && before.lastSeen > newHorizon) {
      firstCounted = before;
      before = before.previous;
      counted++;
    }
    horizon = newHorizon;
  }

  @Override
  long cost(QuotaCharge charge) {
    Patient patient = patients.get(charge.token());
    found = patient;
    return patient != null && patient.lastSeen > horizon ? 0 : 1;
  }

  @Override
  void add(QuotaCharge charge, long amount, long at) {
    latest = at;
    Patient patient = found;
    found = null;
    if (patient == null) {
      patient = new Patient(charge.token(), at);
      patients.put(charge.token(), patient);
    } else {
      unlink(patient);
      patient.see(at);
    }
    linkAfter(tail, patient);
  }

  @Override
  void remove(QuotaCharge charge, long amount, long at) {
    Patient patient = at <= dropped ? null : patients.get(charge.token());
    if (patient == null || patient.forget(at)) {
      return;
    }
    // It was the last sighting: the one before counts, which may lie further back in the list.
    Patient place = patient.previous;
    unlink(patient);
    if (patient.goBack(dropped)) {
      while (place != null && place.lastSeen > patient.lastSeen) {
        place = place.previous;
      }
      linkAfter(place, patient);
    } else {
      patients.remove(charge.token());
    }
  }

  @Override
  void drop(long upTo) {
    while (head != null && head.lastSeen <= upTo) {
      Patient patient = head;
      unlink(patient);
      patients.remove(patient.token);
    }
    dropped = Math.max(dropped, upTo);
  }

  private void unlink(Patient patient) {
    Patient previous = patient.previous;
    Patient next = patient.next;
    if (patient.lastSeen > horizon) {
      counted--;
    }
    if (patient == firstCounted) {
      firstCounted = next;
    }
    if (previous == null) {
      head = next;
    } else {
      previous.next = next;
    }
    if (next == null) {
      tail = previous;
    } else {
      next.previous = previous;
    }
    patient.previous = null;
    patient.next = null;
  }

  private void linkAfter(@Nullable Patient previous, Patient patient) {
    Patient next = previous == null ? head : previous.next;
    patient.previous = previous;
    patient.next = next;
    if (previous == null) {
      head = patient;
    } else {
      previous.next = patient;
    }
    if (next == null) {
      tail = patient;
    } else {
      next.previous = patient;
    }
    if (patient.lastSeen > horizon) {
      counted++;
      if (next == firstCounted) {
        firstCounted = patient;
      }
    }
  }
}
