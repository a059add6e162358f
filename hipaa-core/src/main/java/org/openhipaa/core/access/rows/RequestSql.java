package org.openhipaa.core.access.rows;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.openhipaa.core.HipaaBugException;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.rules.AttributeName;
import org.openhipaa.core.access.rules.PolicyModel;
import org.openhipaa.core.record.PatientId;

/** Writes the conditions of one request, whose own side is known. One thread only. */
final class RequestSql extends ConditionSql {
  private final AccessRequest request;
  private final Map<String, Optional<List<String>>> listed = new HashMap<>();

  RequestSql(Dialect dialect, RowMapping mapping, PolicyModel model, AccessRequest request) {
    super(dialect, mapping, model);
    this.request = request;
  }

  @Override
  Operand operand(AttributeName name) {
    if (name.side() == AttributeName.Side.RECORD) {
      return column(name);
    }
    Set<String> texts = RequestLogic.texts(model, request, name)
        .orElseThrow(() -> new HipaaBugException("an unknown attribute was not folded"));
    return new Operand(type(name), Optional.empty(), texts);
  }

  @Override
  SqlText actor() {
    return SqlText.text(request.actor().id().value());
  }

  @Override
  SqlText listed(String relation, SqlText patient) {
    return listed
        .computeIfAbsent(relation, name -> patients(name, request))
        .map(patients -> dialect.in(patient, patients))
        .orElse(SqlText.of(dialect.unknown()));
  }

  /**
   * Lists the patients of a relation.
   *
   * @return empty if the lookup failed
   */
  static Optional<List<String>> patients(String relation, AccessRequest request) {
    Optional<Set<PatientId>> patients;
    try {
      patients = request.relations().patients(relation, request.actor());
    } catch (RuntimeException e) {
      // A missing input, as in a decision; its message may hold PHI and is not repeated.
      return Optional.empty();
    }
    List<String> ids = new ArrayList<>();
    patients
        .orElseThrow(() -> new RowNotMappedException(
            "relation " + relation,
            "write it as SQL with RowMapping.Builder.relation, or let Relations.patients list it"))
        .forEach(patient -> ids.add(patient.reveal()));
    return Optional.of(ids);
  }

  @Override
  SqlText predicateOfRequest(String name) {
    throw new HipaaBugException("predicate " + name + " was not folded");
  }
}
