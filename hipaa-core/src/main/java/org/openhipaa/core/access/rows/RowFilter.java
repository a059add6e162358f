package org.openhipaa.core.access.rows;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.HipaaBugException;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.Decision;
import org.openhipaa.core.access.Decision.Deny;
import org.openhipaa.core.access.DenyReason;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.FieldValues;

/**
 * The rows that a policy lets one request find, and what it shows of each (minimum necessary, 45 CFR
 * 164.502(b)). The same filter decides in Java and is written as SQL, and both agree: what is
 * unknown to the one is {@code NULL} to the other.
 *
 * <p>What the request itself brings along is evaluated when the filter is made, patients of a
 * relation are listed when SQL is written: use a filter for one query and make a new one for the
 * next. The filter charges no quota and tells nobody: that is for the front door, with the decision
 * for each row.
 *
 * <p>Immutable and thread-safe, if relations and predicates are. {@code docs/design/row-filters.md}.
 */
public final class RowFilter {
  private static final Set<DenyReason> WHATEVER_THE_ROW = Set.of(
      DenyReason.UNKNOWN_RECORD_TYPE, DenyReason.UNKNOWN_FIELD, DenyReason.DUTIES_NOT_SEPARATED);
  private static final Set<DenyReason> DEPENDING_ON_THE_ROW = dependingOnTheRow();
  private static final String PERMIT = "openhipaa_p";
  private static final String DENIAL = "openhipaa_d";
  private static final String MASK = "openhipaa_m";

  private final AccessPolicy policy;
  private final AccessRequest request;
  private final SortedSet<FieldPath> typeFields;
  private final Merging merging;

  private RowFilter(AccessPolicy policy, AccessRequest request, Merging merging) {
    this.policy = policy;
    this.request = request;
    this.typeFields = RequestLogic.fields(policy.model(), request.type());
    this.merging = merging;
  }

  /**
   * Makes the filter for a request.
   *
   * @param policy decides
   * @param request the question, without patient, record, attributes and labels
   * @return the filter, or a denial if no row can be permitted
   * @throws IllegalArgumentException if the request says something of a row
   */
  public static RowAccess of(AccessPolicy policy, AccessRequest request) {
    demandNoRow(request);
    Decision ofNoRow = policy.decide(request);
    if (ofNoRow instanceof Deny deny && WHATEVER_THE_ROW.contains(deny.why())) {
      return new RowAccess.Denied(deny);
    }
    RequestLogic logic = new RequestLogic(policy, request);
    RowFilter filter = new RowFilter(policy, request, logic.rules());
    return filter.found(filter.merging).equals(Logic.Fixed.FALSE)
        ? new RowAccess.Denied(filter.denial(ofNoRow, logic))
        : new RowAccess.Filtered(filter);
  }

  private static Set<DenyReason> dependingOnTheRow() {
    Set<DenyReason> reasons =
        EnumSet.range(DenyReason.NO_MATCHING_RULE, DenyReason.ASSURANCE_TOO_LOW);
    reasons.add(DenyReason.DENIED_BY_RULE);
    return Collections.unmodifiableSet(reasons);
  }

  static void demandNoRow(AccessRequest request) {
    refuse(request.patient().isPresent(), "patient");
    refuse(request.record().isPresent(), "record");
    refuse(request.labels().isPresent(), "labels");
    refuse(!request.attributes().names().isEmpty(), "record attributes");
  }

  private static void refuse(boolean stated, String what) {
    if (stated) {
      throw new IllegalArgumentException(
          "a request for many rows states no " + what + ": leave it out, it comes from the rows");
    }
  }

  /** Why nothing is found: what a possible permit demands, or what an unknown row lacks. */
  private Deny denial(Decision ofNoRow, RequestLogic logic) {
    if (!merging.denied().equals(Logic.Fixed.TRUE)
        && ofNoRow instanceof Deny deny
        && DEPENDING_ON_THE_ROW.contains(deny.why())) {
      for (Merging.Permit permit : merging.permits()) {
        Optional<DenyReason> demand = logic.demands(permit.rule());
        if (demand.isPresent()) {
          String id = permit.rule().id();
          return new Deny(
              List.of(id), policy.hash(), demand.get(), "rule " + id + " " + text(demand.get()));
        }
      }
    }
    if (ofNoRow instanceof Deny deny) {
      return deny;
    }
    throw new HipaaBugException("a row of which nothing is known is permitted and never found");
  }

  private static String text(DenyReason reason) {
    return switch (reason) {
      case NO_PERMITTED_FIELD -> "shows none of the fields asked for";
      case FIELD_NOT_FOR_FILTER ->
        "does not show every field unmasked that is filtered or sorted by";
      case REASON_NEEDED -> "demands that a reason is stated";
      default -> "demands the approval of a second person";
    };
  }

  private Logic found(Merging rules) {
    return rules.found(
        typeFields,
        field -> Logic.of(request.fields().isEmpty() || request.fields().contains(field)));
  }

  /**
   * The fields that {@link #select} reads: those that were asked for, or all.
   *
   * @return unmodifiable, sorted
   */
  public SortedSet<FieldPath> fields() {
    return request.fields().isEmpty() ? typeFields : request.fields();
  }

  /**
   * Decides about one row in Java.
   *
   * @param row what is known of it
   * @return the policy's decision
   */
  public Decision decide(Row row) {
    return policy.decide(row.asked(request));
  }

  /**
   * Writes the filter as a condition for {@code WHERE}: true for the rows that are found, otherwise
   * false, never unknown.
   *
   * @param mapping names the columns; if the query gives the table another name, take {@link
   *     RowMapping#as}
   * @param dialect the database
   * @return the condition in parentheses
   * @throws RowNotMappedException if the policy asks for something that the mapping does not answer
   */
  public RowSql where(RowMapping mapping, Dialect dialect) {
    return sql(mapping, dialect).write(found(merging)).parameterised(dialect);
  }

  /**
   * Writes an expression for what a row shows of a field, merged over the permits that apply to that
   * row.
   *
   * @param field a field of the record type
   * @param mapping names the columns
   * @param dialect the database
   * @return gives the label of a {@link Mask}; {@code hide} for a row that is not found
   * @throws RowNotMappedException if the policy asks for something that the mapping does not answer
   * @throws IllegalArgumentException if the record type has no such field
   */
  public RowSql maskOf(FieldPath field, RowMapping mapping, Dialect dialect) {
    if (!typeFields.contains(field)) {
      throw new IllegalArgumentException("the record type has no field " + field);
    }
    ConditionSql sql = sql(mapping, dialect);
    Map<Mask, Logic> masks = new HashMap<>(merging.masks(field));
    masks.merge(Mask.HIDE, Logic.not(found(merging)), (one, other) -> Logic.any(other, one));
    return mask(masks, sql).parameterised(dialect);
  }

  private static SqlText mask(Map<Mask, Logic> masks, ConditionSql sql) {
    SqlText cases = new SqlText();
    String last = Mask.SHOW.label();
    List<Mask> strictestFirst = new ArrayList<>(Arrays.asList(Mask.values()));
    strictestFirst.remove(Mask.HIDE);
    strictestFirst.add(0, Mask.HIDE);
    boolean any = false;
    for (Mask mask : strictestFirst) {
      Logic when = masks.getOrDefault(mask, Logic.Fixed.FALSE);
      if (when.equals(Logic.Fixed.TRUE)) {
        last = mask.label();
        break;
      } else if (!when.equals(Logic.Fixed.FALSE)) {
        any = true;
        cases.add(" WHEN ").add(sql.write(when)).add(" THEN '" + mask.label() + "'");
      }
    }
    return any
        ? SqlText.of("CASE").add(cases).add(" ELSE '" + last + "' END")
        : SqlText.of("'" + last + "'");
  }

  /**
   * Writes a whole query: the rows that are found, and of each the fields asked for as far as it
   * shows them. Each rule is worked out once for each row. To sort, page or filter further, use it as
   * a subquery in {@code FROM}; name the fields that are sorted or filtered by in the request.
   *
   * <p>The result has the given columns, and then for each of {@link #fields} two more: the value,
   * {@code NULL} if the row hides it, and the label of the mask, which {@link #read} applies. What is
   * to be masked in part leaves the database whole, so that only the masks of this library count.
   *
   * @param mapping names the columns
   * @param dialect the database
   * @param columns further columns, such as the key; what they show is shown
   * @return the query
   * @throws RowNotMappedException if the policy asks for something that the mapping does not answer
   */
  public RowSql select(RowMapping mapping, Dialect dialect, List<String> columns) {
    ConditionSql sql = sql(mapping, dialect);
    Merging known = merging.inColumns(PERMIT, DENIAL);
    SqlText outer = new SqlText();
    SqlText middle = SqlText.of("SELECT r.*");
    String comma = "SELECT ";
    for (String column : columns) {
      outer.add(comma + "q." + dialect.quote(column));
      comma = ", ";
    }
    int number = 0;
    for (FieldPath field : fields()) {
      String column = dialect.quote(mapping
          .field(field)
          .orElseThrow(() -> new RowNotMappedException(
              "field " + field, "name the column with RowMapping.Builder.field")));
      String mask = MASK + number++;
      outer.add(comma + "CASE WHEN q." + mask + " <> 'hide' THEN q." + column + " END AS " + column
          + ", q." + mask);
      middle.add(", ").add(mask(known.masks(field), sql)).add(" AS " + mask);
      comma = ", ";
    }
    SqlText inner = SqlText.of("SELECT " + mapping.qualifier(dialect) + ".*");
    merging.columns(sql, PERMIT, DENIAL).forEach(column -> inner.add(", ").add(column));
    inner.add(" FROM " + mapping.from(dialect));
    if (mapping.hasAlias()) {
      inner.add(" AS " + mapping.qualifier(dialect));
    }
    return (columns.isEmpty() && fields().isEmpty() ? SqlText.of("SELECT q.*") : outer)
        .add(" FROM (")
        .add(middle)
        .add(" FROM (")
        .add(inner)
        .add(") r WHERE ")
        .add(sql.write(found(known)))
        .add(") q")
        .parameterised(dialect);
  }

  /**
   * Reads the fields of a row that {@link #select} found, masked as that row demands.
   *
   * @param row stands on the row
   * @param first the number of the first field's column: 1 and the number of further columns
   * @return the fields that are shown and have a value
   * @throws SQLException if the driver fails
   */
  public FieldValues read(ResultSet row, int first) throws SQLException {
    Map<FieldPath, String> values = new HashMap<>();
    int column = first;
    for (FieldPath field : fields()) {
      String value = row.getString(column++);
      mask(row.getString(column++), value).ifPresent(shown -> values.put(field, shown));
    }
    return FieldValues.of(values);
  }

  /**
   * Masks a value that came with the label of its mask.
   *
   * @param label the label, as {@link #maskOf} gives it
   * @param value the whole value
   * @return what is shown; empty if nothing is, if there is no value, or no mask of this label
   */
  public static Optional<String> mask(@Nullable String label, @Nullable String value) {
    if (label == null || value == null) {
      return Optional.empty();
    }
    return Mask.find(label).filter(mask -> mask != Mask.HIDE).map(mask -> mask.apply(value));
  }

  private ConditionSql sql(RowMapping mapping, Dialect dialect) {
    return new RequestSql(dialect, mapping, policy.model(), request);
  }

  /** Prints the request, which names no patient. */
  @Override
  public String toString() {
    return "RowFilter(" + request + ")";
  }
}
