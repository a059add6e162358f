package org.openhipaa.core.access;

import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.RecordType;

/**
 * One rule of a policy. An empty set of groups or purposes, allowed in deny rules only, means all.
 */
record Rule(
    String id,
    Effect effect,
    Set<Group> groups,
    Set<Action> actions,
    RecordType type,
    Set<Purpose> purposes,
    SortedSet<String> relations,
    Assurance assurance,
    SortedMap<FieldPath, Mask> fields,
    @Nullable QuotaLimit quotaOrNull) {

  enum Effect {
    PERMIT,
    DENY
  }

  Optional<QuotaLimit> quota() {
    return Optional.ofNullable(quotaOrNull);
  }

  boolean concerns(AccessRequest request) {
    return type.equals(request.type())
        && actions.contains(request.action())
        && (groups.isEmpty() || request.actor().groups().stream().anyMatch(groups::contains));
  }

  boolean allowsPurpose(Purpose purpose) {
    return purposes.isEmpty() || purposes.contains(purpose);
  }
}
