package org.openhipaa.testkit.policy;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import org.openhipaa.core.HipaaBugException;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.table.PolicyTable;

/** The small policy of the tests, and its table. */
final class Clinic {
  static final Path TABLE = path("clinic-cases.yaml");

  private Clinic() {}

  static AccessPolicy policy() {
    return AccessPolicy.load(path("clinic.yaml"));
  }

  static PolicyTable table() {
    return PolicyTable.load(TABLE);
  }

  static Path path(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(Clinic.class.getResource("/policy/" + name)).toURI());
    } catch (URISyntaxException e) {
      throw new HipaaBugException("a resource without a path", e);
    }
  }
}
