package org.openhipaa.core.access.rows;

import java.util.Collection;
import java.util.List;
import org.openhipaa.core.access.rules.AttributeName;
import org.openhipaa.core.record.RecordType;

/**
 * The names of the settings in which a database session holds a request, and how values stand in
 * them. A setting that was never made is {@code NULL}, one of a past transaction is empty: neither
 * stands for a value, so a text has an equals sign before it, and a set is in commas.
 */
final class SessionSettings {
  static final String ACTOR = "actor";
  static final String ACTION = "action";
  static final String PURPOSE = "purpose";
  static final String ASSURANCE = "assurance";
  static final String GROUPS = "groups";
  static final String FIELDS = "fields";
  static final String FILTER_FIELDS = "filter_fields";
  static final String REASON = "reason";
  static final String APPROVER_GROUPS = "approver_groups";
  static final String TICKET = "ticket";
  static final String TICKET_PATIENT = "ticket_patient";
  static final String TICKET_RECORD = "ticket_record";
  static final String TICKET_TENANT = "ticket_tenant";

  /** What every session holds. */
  static final List<String> ALWAYS = List.of(
      ACTOR,
      ACTION,
      PURPOSE,
      ASSURANCE,
      GROUPS,
      FIELDS,
      FILTER_FIELDS,
      REASON,
      APPROVER_GROUPS,
      TICKET,
      TICKET_PATIENT,
      TICKET_RECORD,
      TICKET_TENANT);

  private final String prefix;

  SessionSettings(RecordType type) {
    this.prefix = "openhipaa." + identifier(type.value()) + ".";
  }

  static String attribute(AttributeName name) {
    return (name.side() == AttributeName.Side.ACTOR ? "a_" : "c_") + identifier(name.name());
  }

  static String predicate(String name) {
    return "p_" + identifier(name);
  }

  static String relation(String name) {
    return "r_" + identifier(name);
  }

  /** Names of a policy have hyphens where settings may have underscores. */
  private static String identifier(String name) {
    return name.replace('-', '_');
  }

  String name(String setting) {
    return prefix + setting;
  }

  /** What the session holds, as it is. */
  SqlText raw(String setting) {
    return SqlText.of("current_setting('" + name(setting) + "', true)");
  }

  /** A text that the session holds. */
  SqlText text(String setting) {
    return SqlText.of("CASE WHEN ")
        .add(raw(setting))
        .add(" LIKE '=%' THEN substr(")
        .add(raw(setting))
        .add(", 2) END");
  }

  /** A number or a flag that the session holds. */
  SqlText cast(String setting, String type) {
    return SqlText.of("CAST(NULLIF(").add(raw(setting)).add(", '') AS " + type + ")");
  }

  /** A text, to be held. */
  static String textValue(String text) {
    // A session cannot hold this character; nothing that is stored can have it either.
    return text.indexOf('\0') >= 0 ? "" : "=" + text;
  }

  /** A set, to be held. */
  static String setValue(Collection<String> set) {
    String value = RowMapping.encode(set);
    return value.indexOf('\0') >= 0 ? "" : value;
  }
}
