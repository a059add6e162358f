package org.openhipaa.core.access.rows;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.BreakGlassTicket;
import org.openhipaa.core.access.Decision;
import org.openhipaa.core.access.Decision.Deny;
import org.openhipaa.core.access.DenyReason;
import org.openhipaa.core.access.rules.AttributeName;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.access.rules.PolicyModel;
import org.openhipaa.core.access.rules.Rule;
import org.openhipaa.core.access.rules.Truth;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.internal.Closure;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.RecordType;

/**
 * Lets PostgreSQL itself keep the rows of a table from who may not read or find them, whatever the
 * query (45 CFR 164.312(a)(1)). {@link #statements} are run once for each version of the policy;
 * {@link #session} is run in each transaction before its queries. Without it, or with settings of an
 * earlier transaction, no row is seen.
 *
 * <p>What it does not do: it masks no field (use {@link RowFilter#select}), and it believes the
 * settings, so whoever can write SQL of their own can lie about who they are. Give the role of the
 * application to no one else. Superusers and roles with {@code BYPASSRLS} see every row.
 *
 * <p>Immutable and thread-safe. {@code docs/design/row-filters.md}.
 */
public final class RowLevelSecurity {
  private static final Set<Action> ACTIONS = EnumSet.of(Action.READ, Action.SEARCH);
  private static final Set<DenyReason> WHATEVER_THE_ROW =
      Set.of(DenyReason.UNKNOWN_FIELD, DenyReason.DUTIES_NOT_SEPARATED);
  private static final String PERMIT = "openhipaa_p";
  private static final String DENIAL = "openhipaa_d";

  private final AccessPolicy policy;
  private final PolicyModel model;
  private final RecordType type;
  private final RowMapping mapping;
  private final SessionSettings settings;
  private final List<Rule> rules = new ArrayList<>();
  private final Set<Condition> conditions = new LinkedHashSet<>();
  private final List<String> statements;

  private RowLevelSecurity(AccessPolicy policy, RecordType type, RowMapping mapping) {
    this.policy = policy;
    this.model = policy.model();
    this.type = type;
    this.mapping = mapping;
    this.settings = new SessionSettings(type);
    model.rules().stream()
        .filter(rule -> rule.types().isEmpty() || rule.types().contains(type))
        .filter(rule -> rule.actions().stream().anyMatch(ACTIONS::contains))
        .forEach(rules::add);
    this.statements = List.copyOf(write());
  }

  /**
   * Writes the policy for one table.
   *
   * @param policy decides
   * @param type the record type that the table holds
   * @param mapping names the table and its columns; a relation without a SQL template is listed by
   *     {@code Relations.patients} for each session
   * @return statements and sessions
   * @throws RowNotMappedException if the policy asks for something that the mapping does not answer
   * @throws IllegalArgumentException if the policy has no such type, the mapping has an alias, or a
   *     text cannot be written as SQL
   */
  public static RowLevelSecurity of(AccessPolicy policy, RecordType type, RowMapping mapping) {
    if (!policy.model().types().containsKey(type)) {
      throw new IllegalArgumentException("the policy has no record type '" + type + "'");
    }
    if (mapping.hasAlias()) {
      throw new IllegalArgumentException("row-level security is for the table, not for an alias");
    }
    return new RowLevelSecurity(policy, type, mapping);
  }

  /**
   * The statements that put the policy in force, and replace an earlier version. Run them in one
   * transaction, as the owner of the table. They cover {@code SELECT}: who writes needs policies of
   * their own. Other permissive policies on the table cannot open what these close.
   *
   * @return to be run in this order, without parameters
   */
  public List<String> statements() {
    return statements;
  }

  /**
   * The same as one script.
   *
   * @return the statements, each with a semicolon
   */
  public String script() {
    return String.join(";\n", statements) + ";\n";
  }

  private List<String> write() {
    String table = mapping.from(Dialect.POSTGRESQL);
    String rows = policyText();
    return List.of(
        "ALTER TABLE " + table + " ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE " + table + " FORCE ROW LEVEL SECURITY",
        "DROP POLICY IF EXISTS openhipaa_open ON " + table,
        "DROP POLICY IF EXISTS openhipaa_rows ON " + table,
        // Restrictive, so that it holds whatever other policies permit; those need one that
        // permits.
        "CREATE POLICY openhipaa_rows ON "
            + table
            + " AS RESTRICTIVE FOR SELECT USING ("
            + rows
            + ")",
        "CREATE POLICY openhipaa_open ON " + table + " FOR SELECT USING (TRUE)");
  }

  private String policyText() {
    SessionSql sql = new SessionSql(mapping, model, settings);
    ConditionLogic logic = condition -> {
      conditions.add(condition);
      return new Logic.Asked(
          text -> text.condition(condition), ConditionSql.isOfRow(condition, model), false);
    };
    List<Merging.Permit> permits = new ArrayList<>();
    List<Logic> denials = new ArrayList<>();
    for (Rule rule : rules) {
      Logic condition = Logic.all(covers(rule), logic.of(rule.condition()));
      if (rule.permits()) {
        Logic applies =
            Logic.surely(rule.breakGlass() ? Logic.all(condition, ticket()) : condition);
        permits.add(new Merging.Permit(rule, applies, spoils(rule)));
      } else {
        denials.add(Logic.possibly(condition));
      }
    }
    Merging merging = new Merging(permits, Logic.any(denials));
    if (permits.isEmpty()) {
      return "FALSE";
    }
    Logic found = merging
        .inColumns(PERMIT, DENIAL)
        .found(
            RequestLogic.fields(model, type),
            field -> Logic.any(
                setting(text -> settings.raw(SessionSettings.FIELDS).add(" = ','")),
                has(SessionSettings.FIELDS, field.value())));
    // Without the OFFSET, each rule would be worked out wherever it is named.
    return SqlText.of("(SELECT ")
        .add(sql.write(found))
        .add(" FROM (SELECT ")
        .add(SqlText.join(", ", merging.columns(sql, PERMIT, DENIAL)))
        .add(" OFFSET 0) openhipaa)")
        .literal();
  }

  private Logic covers(Rule rule) {
    Set<Action> actions = EnumSet.copyOf(rule.actions());
    actions.retainAll(ACTIONS);
    List<Logic> all = new ArrayList<>();
    all.add(oneOf(SessionSettings.ACTION, actions.stream().map(Action::label).toList()));
    if (!rule.purposes().isEmpty()) {
      all.add(oneOf(
          SessionSettings.PURPOSE, rule.purposes().stream().map(p -> p.label()).toList()));
    }
    if (!rule.groups().isEmpty()) {
      all.add(hasOne(SessionSettings.GROUPS, rule.groups()));
    }
    if (rule.assurance() != Assurance.AAL1) {
      all.add(oneOf(
          SessionSettings.ASSURANCE,
          EnumSet.range(rule.assurance(), Assurance.AAL3).stream()
              .map(Enum::name)
              .toList()));
    }
    return Logic.all(all);
  }

  private Logic oneOf(String setting, List<String> values) {
    return setting(sql -> sql.dialect.oneOf(settings.text(setting), values));
  }

  private Logic hasOne(String setting, Collection<Group> groups) {
    return Logic.any(groups.stream().map(group -> has(setting, group.value())).toList());
  }

  private Logic has(String setting, String text) {
    return setting(sql -> sql.has(settings.raw(setting), text));
  }

  private static Logic setting(Logic.Question question) {
    return new Logic.Asked(question, false, false);
  }

  /** What the session must hold for a permit that applies not to spoil it all. */
  private Logic spoils(Rule rule) {
    List<Logic> ways = new ArrayList<>();
    if (rule.obligations().reasonRequired()) {
      ways.add(Logic.not(Logic.surely(oneOf(SessionSettings.REASON, List.of("stated")))));
    }
    if (!rule.obligations().approvers().isEmpty()) {
      ways.add(Logic.not(Logic.surely(
          hasOne(SessionSettings.APPROVER_GROUPS, rule.obligations().approvers()))));
    }
    for (FieldPath field : RequestLogic.fields(model, type)) {
      if (rule.fields().getOrDefault(field, Mask.HIDE) != Mask.SHOW) {
        ways.add(has(SessionSettings.FILTER_FIELDS, field.value()));
      }
    }
    return Logic.any(ways);
  }

  /** A ticket covers the session, the row's patient, or the row. */
  private Logic ticket() {
    List<Logic> ways = new ArrayList<>();
    ways.add(oneOf(SessionSettings.TICKET, List.of("session")));
    if (mapping.patient(Dialect.POSTGRESQL).isPresent()) {
      ways.add(Logic.all(
          oneOf(SessionSettings.TICKET, List.of("patient")),
          new Logic.Asked(
              sql -> sql.equal(
                  sql.patient("break-glass tickets"),
                  settings.text(SessionSettings.TICKET_PATIENT)),
              true,
              false)));
    }
    if (mapping.recordId(Dialect.POSTGRESQL).isPresent()) {
      ways.add(Logic.all(
          oneOf(SessionSettings.TICKET, List.of("record")),
          new Logic.Asked(
              sql -> sql.ofRecord(
                  settings.text(SessionSettings.TICKET_PATIENT),
                  settings.text(SessionSettings.TICKET_RECORD),
                  settings.text(SessionSettings.TICKET_TENANT)),
              true,
              false)));
    }
    return Logic.any(ways);
  }

  /**
   * Tells the database who asks what, for the rest of the transaction. Run it with auto-commit off:
   * otherwise it ends with its own statement. Everything that an earlier request of the same
   * transaction told about this record type is replaced.
   *
   * @param request the question, without patient, record, attributes and labels, to read or search
   * @return a query with one row to be thrown away
   * @throws RowNotMappedException if a relation has no SQL template and cannot be listed, or the
   *     ticket is for a record, and the mapping has no identifiers of records
   * @throws IllegalArgumentException if the request says something of a row, or is for another type
   *     or action
   */
  public RowSql session(AccessRequest request) {
    RowFilter.demandNoRow(request);
    if (!request.type().equals(type) || !ACTIONS.contains(request.action())) {
      throw new IllegalArgumentException(
          "these rows are for requests to read or search '" + type + "'");
    }
    Decision ofNoRow = policy.decide(request);
    Map<String, String> values =
        ofNoRow instanceof Deny deny && WHATEVER_THE_ROW.contains(deny.why())
            ? Map.of()
            : values(request);
    SortedSet<String> names = new TreeSet<>(SessionSettings.ALWAYS);
    conditions.forEach(condition -> names.addAll(settingsOf(condition)));
    List<SqlText> calls = new ArrayList<>();
    for (String name : names) {
      calls.add(SqlText.of("set_config(")
          .value(settings.name(name))
          .add(", ")
          .value(values.getOrDefault(name, ""))
          .add(", true)"));
    }
    return SqlText.of("SELECT ").add(SqlText.join(", ", calls)).parameterised(Dialect.POSTGRESQL);
  }

  private List<String> settingsOf(Condition condition) {
    if (condition instanceof Condition.Relation relation) {
      return mapping.relation(relation.name()).isPresent()
          ? List.of()
          : List.of(SessionSettings.relation(relation.name()));
    } else if (condition instanceof Condition.Predicate predicate) {
      return ConditionSql.isOfRow(condition, model)
          ? List.of()
          : List.of(SessionSettings.predicate(predicate.name()));
    }
    return namesIn(condition).stream().map(SessionSettings::attribute).toList();
  }

  /** The attributes of actor and circumstances that a condition names. */
  private static List<AttributeName> namesIn(Condition condition) {
    List<AttributeName> names = new ArrayList<>();
    if (condition instanceof Condition.OneOf oneOf) {
      names.add(oneOf.attribute());
    } else if (condition instanceof Condition.Range range) {
      names.add(range.attribute());
    } else if (condition instanceof Condition.Flag flag) {
      names.add(flag.attribute());
    } else if (condition instanceof Condition.Same same) {
      names.add(same.left());
      names.add(same.right());
    }
    names.removeIf(name -> name.side() == AttributeName.Side.RECORD);
    return names;
  }

  private Map<String, String> values(AccessRequest request) {
    Map<String, String> values = new HashMap<>();
    values.put(
        SessionSettings.ACTOR, SessionSettings.textValue(request.actor().id().value()));
    values.put(
        SessionSettings.ACTION, SessionSettings.textValue(request.action().label()));
    values.put(
        SessionSettings.PURPOSE, SessionSettings.textValue(request.purpose().label()));
    values.put(
        SessionSettings.ASSURANCE,
        SessionSettings.textValue(request.actor().assurance().name()));
    values.put(
        SessionSettings.GROUPS,
        groups(Closure.of(model.groups(), request.actor().groups())));
    values.put(SessionSettings.FIELDS, fields(request.fields()));
    values.put(SessionSettings.FILTER_FIELDS, fields(request.filterFields()));
    if (request.reason().filter(text -> !text.isBlank()).isPresent()) {
      values.put(SessionSettings.REASON, SessionSettings.textValue("stated"));
    }
    values.put(SessionSettings.APPROVER_GROUPS, groups(RequestLogic.approving(model, request)));
    request
        .ticket()
        .filter(ticket -> RequestLogic.coversSomeRow(ticket, request))
        .ifPresent(ticket -> putTicket(ticket, values));
    conditions.forEach(condition -> putCondition(condition, request, values));
    return values;
  }

  private static String groups(Set<Group> groups) {
    return SessionSettings.setValue(groups.stream().map(Group::value).toList());
  }

  private static String fields(Set<FieldPath> fields) {
    return SessionSettings.setValue(fields.stream().map(FieldPath::value).toList());
  }

  private void putTicket(BreakGlassTicket ticket, Map<String, String> values) {
    String scope = "session";
    if (ticket.patient().isPresent()) {
      scope = "patient";
      values.put(
          SessionSettings.TICKET_PATIENT,
          SessionSettings.textValue(ticket.patient().get().reveal()));
    } else if (ticket.record().isPresent()) {
      if (mapping.recordId(Dialect.POSTGRESQL).isEmpty()
          && rules.stream().anyMatch(Rule::breakGlass)) {
        throw new RowNotMappedException(
            "the record's identifier",
            "name the column with RowMapping.Builder.recordId, for break-glass tickets");
      }
      scope = "record";
      values.put(
          SessionSettings.TICKET_PATIENT,
          SessionSettings.textValue(ticket.record().get().patient().reveal()));
      values.put(
          SessionSettings.TICKET_RECORD,
          SessionSettings.textValue(ticket.record().get().revealId()));
      values.put(
          SessionSettings.TICKET_TENANT,
          SessionSettings.textValue(ticket.record().get().tenant().value()));
    }
    values.put(SessionSettings.TICKET, SessionSettings.textValue(scope));
  }

  private void putCondition(
      Condition condition, AccessRequest request, Map<String, String> values) {
    if (condition instanceof Condition.Relation relation) {
      if (mapping.relation(relation.name()).isEmpty()) {
        values.computeIfAbsent(
            SessionSettings.relation(relation.name()),
            name -> RequestSql.patients(relation.name(), request)
                .map(SqlText::arrayText)
                .orElse(""));
      }
    } else if (condition instanceof Condition.Predicate predicate) {
      if (!ConditionSql.isOfRow(condition, model)) {
        values.computeIfAbsent(
            SessionSettings.predicate(predicate.name()),
            name -> flag(policy.test(condition, request)));
      }
    } else {
      namesIn(condition)
          .forEach(name -> value(name, request)
              .ifPresent(value -> values.put(SessionSettings.attribute(name), value)));
    }
  }

  private static String flag(Truth truth) {
    return truth == Truth.UNKNOWN ? "" : String.valueOf(truth == Truth.TRUE);
  }

  /** An attribute as a setting, or empty if it is unknown or of another type. */
  private Optional<String> value(AttributeName name, AccessRequest request) {
    Optional<Object> value = RequestLogic.value(request, name, model.zone());
    return switch (RequestLogic.type(model, name)) {
      case TEXT ->
        value
            .filter(String.class::isInstance)
            .map(text -> SessionSettings.textValue((String) text));
      case TEXTS -> RequestLogic.texts(model, request, name).map(SessionSettings::setValue);
      case INTEGER -> value.filter(Long.class::isInstance).map(String::valueOf);
      case FLAG -> value.filter(Boolean.class::isInstance).map(String::valueOf);
    };
  }
}
