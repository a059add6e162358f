package org.openhipaa.core.access.rows;

import org.openhipaa.core.access.rules.AttributeName;
import org.openhipaa.core.access.rules.AttributeType;
import org.openhipaa.core.access.rules.PolicyModel;

/** Writes conditions for any request, which a session of PostgreSQL holds in its settings. */
final class SessionSql extends ConditionSql {
  private final SessionSettings settings;

  SessionSql(RowMapping mapping, PolicyModel model, SessionSettings settings) {
    super(Dialect.POSTGRESQL, mapping, model);
    this.settings = settings;
  }

  /** A subquery of nothing is worked out once for a query, its parts once for each row. */
  @Override
  boolean askedOnce(Logic logic) {
    return !(logic instanceof Logic.Fixed) && !logic.isOfRow();
  }

  @Override
  Operand operand(AttributeName name) {
    if (name.side() == AttributeName.Side.RECORD) {
      return column(name);
    }
    String setting = SessionSettings.attribute(name);
    AttributeType type = type(name);
    SqlText value = switch (type) {
      case TEXT -> settings.text(setting);
      case TEXTS -> settings.raw(setting);
      case INTEGER -> settings.cast(setting, "bigint");
      case FLAG -> settings.cast(setting, "boolean");
    };
    return Operand.of(type, SqlText.of("(SELECT ").add(value).add(")"));
  }

  @Override
  SqlText actor() {
    return SqlText.of("(SELECT ").add(settings.text(SessionSettings.ACTOR)).add(")");
  }

  @Override
  SqlText listed(String relation, SqlText patient) {
    String setting = SessionSettings.relation(relation);
    // Once for a query: reading a list of patients anew for each row would take most of the time.
    return SqlText.of("CASE WHEN (SELECT COALESCE(")
        .add(settings.raw(setting))
        .add(", '') = '') THEN " + dialect.unknown() + " ELSE ")
        .add(patient)
        .add(" IN (SELECT unnest(")
        .add(settings.cast(setting, "text[]"))
        .add(")) END");
  }

  @Override
  SqlText predicateOfRequest(String name) {
    return settings.cast(SessionSettings.predicate(name), "boolean");
  }
}
