package org.openhipaa.core.access.rows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.HipaaBugException;
import org.openhipaa.core.access.rules.AttributeName;
import org.openhipaa.core.access.rules.AttributeType;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.access.rules.PolicyModel;
import org.openhipaa.core.internal.Closure;

/**
 * Writes conditions as SQL. The three truth values of a condition are those of SQL. Not thread-safe.
 */
abstract class ConditionSql {
  final Dialect dialect;
  final RowMapping mapping;
  final PolicyModel model;

  ConditionSql(Dialect dialect, RowMapping mapping, PolicyModel model) {
    this.dialect = dialect;
    this.mapping = mapping;
    this.model = model;
  }

  /**
   * An attribute: SQL for its value, or the value where that is known already and the other side of a
   * comparison is not.
   */
  record Operand(AttributeType type, Optional<SqlText> sql, Set<String> known) {
    static Operand of(AttributeType type, SqlText sql) {
      return new Operand(type, Optional.of(sql), Set.of());
    }

    SqlText text() {
      return SqlText.of("").add(sql.orElseThrow());
    }
  }

  /** What stands for an attribute. */
  abstract Operand operand(AttributeName name);

  /** What stands for the actor's id. */
  abstract SqlText actor();

  /** Whether a relation that no template answers holds for a row that has a patient. */
  abstract SqlText listed(String relation, SqlText patient);

  /** What stands for a predicate that is the same for every row. */
  abstract SqlText predicateOfRequest(String name);

  /** Whether to ask once, rather than for each row. */
  boolean askedOnce(Logic logic) {
    return false;
  }

  /** Whether a condition differs from row to row. */
  static boolean isOfRow(Condition condition, PolicyModel model) {
    if (condition instanceof Condition.Predicate predicate) {
      return model.predicates().getOrDefault(predicate.name(), new TreeSet<>()).stream()
          .anyMatch(read ->
              read.equals("patient") || read.equals("labels") || read.startsWith("record."));
    } else if (condition instanceof Condition.OneOf oneOf) {
      return isOfRow(oneOf.attribute());
    } else if (condition instanceof Condition.Range range) {
      return isOfRow(range.attribute());
    } else if (condition instanceof Condition.Flag flag) {
      return isOfRow(flag.attribute());
    } else if (condition instanceof Condition.Same same) {
      return isOfRow(same.left()) || isOfRow(same.right());
    }
    return true;
  }

  private static boolean isOfRow(AttributeName name) {
    return name.side() == AttributeName.Side.RECORD;
  }

  AttributeType type(AttributeName name) {
    return RequestLogic.type(model, name);
  }

  /** A truth value in parentheses. */
  SqlText write(Logic logic) {
    return write(logic, true);
  }

  private SqlText write(Logic logic, boolean mayAskOnce) {
    if (mayAskOnce && askedOnce(logic)) {
      return SqlText.of("(SELECT ").add(write(logic, false)).add(")");
    }
    if (logic instanceof Logic.Fixed fixed) {
      return SqlText.of(
          switch (fixed.truth()) {
            case TRUE -> "TRUE";
            case FALSE -> "FALSE";
            case UNKNOWN -> dialect.unknown();
          });
    } else if (logic instanceof Logic.All all) {
      return join(all.parts(), " AND ", mayAskOnce);
    } else if (logic instanceof Logic.Any any) {
      return join(any.parts(), " OR ", mayAskOnce);
    } else if (logic instanceof Logic.Negated negated) {
      return SqlText.of("(NOT ").add(write(negated.part(), mayAskOnce)).add(")");
    } else if (logic instanceof Logic.Settled settled) {
      return SqlText.of("(")
          .add(write(settled.part(), mayAskOnce))
          .add(settled.unknownWillDo() ? " IS NOT FALSE)" : " IS TRUE)");
    } else if (logic instanceof Logic.Asked asked) {
      return SqlText.of("(").add(asked.sql().in(this)).add(")");
    }
    throw new HipaaBugException("a kind of logic without SQL: " + logic.getClass());
  }

  private SqlText join(List<Logic> parts, String word, boolean mayAskOnce) {
    return SqlText.of("(")
        .add(SqlText.join(
            word, parts.stream().map(part -> write(part, mayAskOnce)).toList()))
        .add(")");
  }

  /** An elementary condition. */
  SqlText condition(Condition condition) {
    if (condition instanceof Condition.Relation relation) {
      return relation(relation.name());
    } else if (condition instanceof Condition.Predicate predicate) {
      return isOfRow(condition, model)
          ? predicateOfRow(predicate.name())
          : predicateOfRequest(predicate.name());
    } else if (condition instanceof Condition.Carries carries) {
      return carries(carries.label());
    } else if (condition instanceof Condition.LabelsWithin within) {
      return labelsWithin(within.labels());
    } else if (condition instanceof Condition.OneOf oneOf) {
      return oneOf(operand(oneOf.attribute()), oneOf.values());
    } else if (condition instanceof Condition.Range range) {
      return operand(range.attribute())
          .text()
          .add(" BETWEEN ")
          .value(range.from())
          .add(" AND ")
          .value(range.to());
    } else if (condition instanceof Condition.Flag flag) {
      return dialect.flag(operand(flag.attribute()).text());
    } else if (condition instanceof Condition.Same same) {
      return same(operand(same.left()), operand(same.right()));
    }
    throw new HipaaBugException("a kind of condition without SQL: " + condition.getClass());
  }

  private SqlText oneOf(Operand operand, Set<String> values) {
    if (operand.type() == AttributeType.TEXT) {
      return values.isEmpty()
          ? unless(operand.text().add(" IS NULL"), SqlText.of("FALSE"))
          : dialect.oneOf(operand.text(), List.copyOf(values));
    }
    SqlText found = values.isEmpty()
        ? SqlText.of("FALSE")
        : values.size() > Dialect.MANY
            ? dialect.overlap(operand.text(), SqlText.text(RowMapping.encode(values)))
            : SqlText.join(
                " OR ", values.stream().map(v -> has(operand.text(), v)).toList());
    return unless(malformed(operand.text()), found);
  }

  private SqlText same(Operand left, Operand right) {
    if (left.sql().isEmpty()) {
      return oneOf(right, left.known());
    } else if (right.sql().isEmpty()) {
      return oneOf(left, right.known());
    } else if (left.type() == AttributeType.TEXT && right.type() == AttributeType.TEXT) {
      return dialect.exact(left.text()).add(" = ").add(dialect.exact(right.text()));
    } else if (left.type() == AttributeType.TEXT) {
      return textInSet(left.text(), right.text());
    } else if (right.type() == AttributeType.TEXT) {
      return textInSet(right.text(), left.text());
    }
    return unless(
        malformed(left.text()).add(" OR ").add(malformed(right.text())),
        dialect.overlap(left.text(), right.text()));
  }

  private SqlText textInSet(SqlText text, SqlText set) {
    SqlText encoded = SqlText.of("CASE WHEN LENGTH(")
        .add(text)
        .add(") = 0 THEN '%' ELSE REPLACE(REPLACE(")
        .add(text)
        .add(", '%', '%25'), ',', '%2C') END");
    return unless(
        SqlText.of("").add(text).add(" IS NULL OR ").add(malformed(set)),
        dialect.contains(
            set, dialect.concat(List.of(SqlText.of("','"), encoded, SqlText.of("','")))));
  }

  /** Whether a delimited set has a text. */
  final SqlText has(SqlText set, String text) {
    return dialect.contains(set, SqlText.text("," + RowMapping.encode(text) + ","));
  }

  /** Whether a column holds no delimited set. */
  private static SqlText malformed(SqlText set) {
    return SqlText.of("(")
        .add(set)
        .add(" LIKE ',%' AND ")
        .add(set)
        .add(" LIKE '%,' AND ")
        .add(set)
        .add(" NOT LIKE '%,,%') IS NOT TRUE");
  }

  /** A truth value that is unknown under a condition. */
  private SqlText unless(SqlText unknown, SqlText otherwise) {
    return SqlText.of("CASE WHEN ")
        .add(unknown)
        .add(" THEN " + dialect.unknown() + " ELSE ")
        .add(otherwise)
        .add(" END");
  }

  private SqlText labels() {
    return mapping
        .labels(dialect)
        .orElseThrow(() ->
            new RowNotMappedException("labels", "name the column with RowMapping.Builder.labels"));
  }

  private SqlText carries(String label) {
    return labelTest(
        Closure.inverse(model.labels()).getOrDefault(label, Collections.emptySortedSet()), true);
  }

  private SqlText labelsWithin(Set<String> allowed) {
    SortedSet<String> others = new TreeSet<>(model.labels().keySet());
    others.removeAll(Closure.of(model.labels(), allowed));
    return labelTest(others, false);
  }

  /** Settled if one of these labels is carried; else unknown if an undeclared one is. */
  private SqlText labelTest(SortedSet<String> looked, boolean found) {
    SqlText column = labels();
    List<SqlText> parts = new ArrayList<>();
    looked.forEach(label -> parts.add(has(column, label)));
    SqlText test =
        SqlText.of("CASE WHEN ").add(malformed(column)).add(" THEN " + dialect.unknown());
    if (!parts.isEmpty()) {
      test.add(" WHEN ")
          .add(SqlText.join(" OR ", parts))
          .add(" THEN " + (found ? "TRUE" : "FALSE"));
    }
    return test.add(" WHEN LENGTH(")
        .add(withoutDeclared(column))
        .add(") > 0 THEN " + dialect.unknown() + " ELSE " + (found ? "FALSE" : "TRUE") + " END");
  }

  /** What is left of a set of labels without those that the policy knows. */
  private SqlText withoutDeclared(SqlText column) {
    // Each label gets commas of its own, so that a neighbour can be taken out as well.
    SqlText rest = SqlText.of("REPLACE(").add(dialect.exact(column)).add(", ',', ',,')");
    for (String label : model.labels().keySet()) {
      rest = SqlText.of("REPLACE(").add(rest).add(", ").value("," + label + ",").add(", '')");
    }
    return SqlText.of("REPLACE(").add(rest).add(", ',', '')");
  }

  private SqlText relation(String name) {
    SqlText patient = patient("the relation " + name);
    SqlText holds = mapping
        .relation(name)
        .map(template -> fill(template, patient))
        .orElseGet(() -> listed(name, patient));
    return unless(SqlText.of("").add(patient).add(" IS NULL"), holds);
  }

  private SqlText predicateOfRow(String name) {
    RowMapping.Template template = mapping
        .predicate(name)
        .orElseThrow(() -> new RowNotMappedException(
            "predicate " + name, "write it as SQL with RowMapping.Builder.predicate"));
    return fill(template, template.names("patient") ? patient("the predicate " + name) : null);
  }

  private SqlText fill(RowMapping.Template template, @Nullable SqlText patient) {
    Map<String, SqlText> places = new HashMap<>();
    places.put("actor", actor());
    places.put("row", SqlText.of(mapping.qualifier(dialect)));
    if (patient != null) {
      places.put("patient", patient);
    }
    return SqlText.of("(").add(template.fill(places)).add(")");
  }

  final SqlText patient(String reason) {
    return mapping
        .patient(dialect)
        .orElseThrow(() -> new RowNotMappedException(
            "the patient", "name the column with RowMapping.Builder.patient, for " + reason));
  }

  /** The column of an attribute of the record. */
  final Operand column(AttributeName name) {
    return Operand.of(
        type(name),
        mapping
            .attribute(name, dialect)
            .orElseThrow(() -> new RowNotMappedException(
                "attribute " + name, "name the column with RowMapping.Builder.attribute")));
  }

  /** Two texts are the same; unknown if either is missing. */
  final SqlText equal(SqlText one, SqlText other) {
    return dialect.exact(one).add(" = ").add(dialect.exact(other));
  }

  /** Whether the row is a record. */
  final SqlText ofRecord(SqlText patient, SqlText id, SqlText tenant) {
    RowNotMappedException missing = new RowNotMappedException(
        "the record's identifier",
        "name the column with RowMapping.Builder.recordId, for break-glass tickets");
    SqlText test = equal(patient("break-glass tickets"), patient)
        .add(" AND ")
        .add(equal(mapping.recordId(dialect).orElseThrow(() -> missing), id))
        .add(" AND ");
    SqlText owner = mapping
        .tenantColumn(dialect)
        .or(() -> mapping.tenant().map(known -> SqlText.text(known.value())))
        .orElseThrow(() -> missing);
    return test.add(equal(owner, tenant));
  }
}
