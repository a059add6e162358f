package org.openhipaa.core.access.quota.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openhipaa.core.access.quota.QuotaCharge;
import org.openhipaa.core.access.quota.QuotaReservation.Exceeded;
import org.openhipaa.core.access.quota.QuotaReservation.Granted;

/** A reservation whose charges stand in the database. */
final class Reserved implements Granted {
  private final JdbcQuotaStore store;
  private final List<Target> targets;
  private final List<Long> numbers;
  private List<QuotaCharge> warnings;
  private State state = State.OPEN;

  private enum State {
    OPEN,
    SETTLED,
    RELEASED
  }

  Reserved(
      JdbcQuotaStore store, List<Target> targets, List<Long> numbers, List<QuotaCharge> warnings) {
    this.store = store;
    this.targets = targets;
    this.numbers = List.copyOf(numbers);
    this.warnings = List.copyOf(warnings);
  }

  List<Target> targets() {
    return targets;
  }

  /** The number of the row of the charge that stands there in the list. */
  long number(int index) {
    return numbers.get(index);
  }

  @Override
  public List<QuotaCharge> warnings() {
    return warnings;
  }

  void warn(List<QuotaCharge> more) {
    if (!more.isEmpty()) {
      List<QuotaCharge> all = new ArrayList<>(warnings);
      all.addAll(more);
      warnings = List.copyOf(all);
    }
  }

  @Override
  public Optional<Exceeded> settle(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("a read does not give out " + bytes + " bytes");
    }
    if (state != State.OPEN) {
      throw new IllegalStateException("the reservation is settled or released already");
    }
    Optional<Exceeded> answer =
        targets.stream().anyMatch(Target::isOfBytes) ? store.settle(this, bytes) : Optional.empty();
    state = answer.isEmpty() ? State.SETTLED : State.RELEASED;
    return answer;
  }

  @Override
  public void release() {
    if (state == State.RELEASED) {
      return;
    }
    if (!targets.isEmpty()) {
      store.release(this);
    }
    state = State.RELEASED;
  }

  @Override
  public String toString() {
    return "Granted";
  }
}
