package org.openhipaa.core.access.rows;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.rules.AttributeName;
import org.openhipaa.core.internal.CanonicalWriter;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.TenantId;

/**
 * Where a table keeps what a policy asks of its rows. Column names are quoted, so write them as the
 * database has them: PostgreSQL folds unquoted names to lower case, H2 to upper case.
 *
 * <p>Columns of texts and identifiers are text columns, those of numbers integers of up to 64 bits,
 * those of flags booleans (on MySQL, MariaDB and SQLite integers, of which 0 is false). A set of
 * texts, and the labels, are one text column in the form of {@link #encode}. {@code NULL}, and a set
 * in another form, is unknown.
 *
 * <p>Immutable and thread-safe. {@code docs/design/row-filters.md} has an example.
 */
public final class RowMapping {
  private static final int MAX_NAME = 63;

  private final Optional<String> schema;
  private final String table;
  private final Optional<String> alias;
  private final Map<String, String> columns;
  private final Map<AttributeName, String> attributes;
  private final Map<FieldPath, String> fields;
  private final Optional<TenantId> tenant;
  private final Map<String, Template> relations;
  private final Map<String, Template> predicates;

  private RowMapping(Builder b, Optional<String> alias) {
    this.schema = Optional.ofNullable(b.schema);
    this.table = b.table;
    this.alias = alias;
    this.columns = Map.copyOf(b.columns);
    this.attributes = Map.copyOf(b.attributes);
    this.fields = Map.copyOf(b.fields);
    this.tenant = Optional.ofNullable(b.tenant);
    this.relations = Map.copyOf(b.relations);
    this.predicates = Map.copyOf(b.predicates);
  }

  private RowMapping(RowMapping other, String alias) {
    this.schema = other.schema;
    this.table = other.table;
    this.alias = Optional.of(alias);
    this.columns = other.columns;
    this.attributes = other.attributes;
    this.fields = other.fields;
    this.tenant = other.tenant;
    this.relations = other.relations;
    this.predicates = other.predicates;
  }

  /**
   * Starts a mapping.
   *
   * @param table the table's name, without schema
   * @return a builder
   * @throws IllegalArgumentException if the name is not 1 to 63 characters without control characters
   */
  public static Builder table(String table) {
    return new Builder(table);
  }

  /**
   * The same columns under another name of the table, for a query that gives it one.
   *
   * @param alias the name that the query gives the table
   * @return a copy with it
   * @throws IllegalArgumentException if the name is not 1 to 63 characters without control characters
   */
  public RowMapping as(String alias) {
    return new RowMapping(this, name(alias));
  }

  /**
   * Writes a set as the text that a column of texts or labels holds: a comma, and each text with a
   * comma behind it; {@code ,} is the empty set. In the texts, {@code %} is written {@code %25}, a
   * comma {@code %2C}, and the empty text {@code %}.
   *
   * @param texts the set
   * @return for instance {@code ,hiv,vip,}
   */
  public static String encode(Collection<String> texts) {
    StringBuilder out = new StringBuilder(",");
    new TreeSet<>(texts).forEach(text -> out.append(encode(text)).append(','));
    return out.toString();
  }

  /**
   * Reads a set that {@link #encode} has written.
   *
   * @param column the text of the column, or null
   * @return the set, or empty if it is unknown: null, or of another form
   */
  public static Optional<SortedSet<String>> decode(@Nullable String column) {
    if (column == null
        || !column.startsWith(",")
        || !column.endsWith(",")
        || column.contains(",,")) {
      return Optional.empty();
    }
    SortedSet<String> texts = new TreeSet<>();
    for (String part : column.split(",")) {
      if (!part.isEmpty()) {
        texts.add(part.equals("%") ? "" : part.replace("%2C", ",").replace("%25", "%"));
      }
    }
    return Optional.of(texts);
  }

  static String encode(String text) {
    return text.isEmpty() ? "%" : text.replace("%", "%25").replace(",", "%2C");
  }

  private static String name(String name) {
    if (name.isEmpty()
        || name.length() > MAX_NAME
        || name.chars().anyMatch(Character::isISOControl)
        || !CanonicalWriter.isWellFormed(name)) {
      throw new IllegalArgumentException(
          "a name in SQL has 1-" + MAX_NAME + " characters without control characters");
    }
    return name;
  }

  /** The table, as a query names it. */
  String from(Dialect dialect) {
    return schema.map(name -> dialect.quote(name) + ".").orElse("") + dialect.quote(table);
  }

  /** What columns are qualified with: without it, a table of a subquery could catch them. */
  String qualifier(Dialect dialect) {
    return dialect.quote(alias.orElse(table));
  }

  boolean hasAlias() {
    return alias.isPresent();
  }

  Optional<SqlText> patient(Dialect dialect) {
    return column("patient", dialect);
  }

  Optional<SqlText> recordId(Dialect dialect) {
    return column("record", dialect);
  }

  Optional<SqlText> tenantColumn(Dialect dialect) {
    return column("tenant", dialect);
  }

  Optional<TenantId> tenant() {
    return tenant;
  }

  Optional<SqlText> labels(Dialect dialect) {
    return column("labels", dialect);
  }

  Optional<SqlText> attribute(AttributeName name, Dialect dialect) {
    return Optional.ofNullable(attributes.get(name)).map(column -> qualified(column, dialect));
  }

  Optional<String> field(FieldPath field) {
    return Optional.ofNullable(fields.get(field));
  }

  Optional<Template> relation(String name) {
    return Optional.ofNullable(relations.get(name));
  }

  Optional<Template> predicate(String name) {
    return Optional.ofNullable(predicates.get(name));
  }

  private Optional<SqlText> column(String key, Dialect dialect) {
    return Optional.ofNullable(columns.get(key)).map(column -> qualified(column, dialect));
  }

  private SqlText qualified(String column, Dialect dialect) {
    return SqlText.of(qualifier(dialect) + "." + dialect.quote(column));
  }

  /** SQL of the developer with places for the actor, the patient and the row. */
  static final class Template {
    private static final Pattern PLACE = Pattern.compile("\\{([^{}]*)}");

    private final List<String> pieces = new ArrayList<>();

    /** Checks it; what stands at odd places is the name of a place. */
    Template(String sql) {
      Matcher matcher = PLACE.matcher(sql);
      int from = 0;
      while (matcher.find()) {
        if (!List.of("actor", "patient", "row").contains(matcher.group(1))) {
          throw new IllegalArgumentException("a SQL template has a place {" + matcher.group(1)
              + "}; there are {actor}, {patient} and {row}");
        }
        pieces.add(sql.substring(from, matcher.start()));
        pieces.add(matcher.group(1));
        from = matcher.end();
      }
      pieces.add(sql.substring(from));
      if (sql.isBlank() || sql.indexOf('?') >= 0 || sql.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("a SQL template is not blank and has no question mark:"
            + " write {actor}, {patient} or {row} where a value belongs");
      }
    }

    boolean names(String place) {
      for (int i = 1; i < pieces.size(); i += 2) {
        if (pieces.get(i).equals(place)) {
          return true;
        }
      }
      return false;
    }

    SqlText fill(Map<String, SqlText> places) {
      SqlText all = new SqlText();
      for (int i = 0; i < pieces.size(); i++) {
        SqlText place = i % 2 == 0 ? null : places.get(pieces.get(i));
        if (place == null) {
          all.add(pieces.get(i));
        } else {
          all.add(place);
        }
      }
      return all;
    }
  }

  /** Collects the columns. Not thread-safe. */
  public static final class Builder {
    private final String table;
    private final Map<String, String> columns = new HashMap<>();
    private final Map<AttributeName, String> attributes = new HashMap<>();
    private final Map<FieldPath, String> fields = new HashMap<>();
    private final Map<String, Template> relations = new HashMap<>();
    private final Map<String, Template> predicates = new HashMap<>();
    private @Nullable String schema;
    private @Nullable TenantId tenant;

    private Builder(String table) {
      this.table = name(table);
    }

    /**
     * Says in which schema the table is; without it, wherever the database looks.
     *
     * @param name the schema
     * @return this
     */
    public Builder schema(String name) {
      this.schema = RowMapping.name(name);
      return this;
    }

    /**
     * Says which column holds the patient's identifier.
     *
     * @param column a text column
     * @return this
     */
    public Builder patient(String column) {
      return put(columns, "patient", name(column));
    }

    /**
     * Says which column holds the record's identifier, and whose all rows are. Needed only for
     * break-glass tickets for one record.
     *
     * @param column a text column
     * @param owner the tenant of every row
     * @return this
     */
    public Builder recordId(String column, TenantId owner) {
      this.tenant = owner;
      return put(columns, "record", name(column));
    }

    /**
     * Says which columns hold the record's identifier and its tenant. Needed only for break-glass
     * tickets for one record.
     *
     * @param column a text column
     * @param tenantColumn a text column
     * @return this
     */
    public Builder recordId(String column, String tenantColumn) {
      put(columns, "tenant", name(tenantColumn));
      return put(columns, "record", name(column));
    }

    /**
     * Says which column holds the sensitivity labels.
     *
     * @param column a text column with sets in the form of {@link RowMapping#encode}
     * @return this
     */
    public Builder labels(String column) {
      return put(columns, "labels", name(column));
    }

    /**
     * Says which column holds an attribute of the record.
     *
     * @param attribute for instance {@code record.department}
     * @param column a column of the attribute's type
     * @return this
     * @throws IllegalArgumentException if it is no attribute of the record, or is mapped twice
     */
    public Builder attribute(String attribute, String column) {
      AttributeName key = AttributeName.of(attribute);
      if (key.side() != AttributeName.Side.RECORD) {
        throw new IllegalArgumentException(
            "'" + attribute + "' is the same for every row; columns hold attributes of the record");
      }
      return put(attributes, key, name(column));
    }

    /**
     * Says which column holds a field.
     *
     * @param field the field
     * @param column any column
     * @return this
     */
    public Builder field(String field, String column) {
      return put(fields, FieldPath.of(field), name(column));
    }

    /**
     * Says in SQL when a relation holds, for instance {@code EXISTS (SELECT 1 FROM treating t WHERE
     * t.patient = {patient} AND t.actor = {actor})}. What it says must agree with the {@code
     * Relations} of requests. It becomes part of queries as it is: never put data into it.
     *
     * @param relation a name that the policy declares
     * @param sql a truth value; {@code {patient}} becomes the patient's column, {@code {actor}} a
     *     parameter with the actor's id, {@code {row}} the name of the table
     * @return this
     * @throws IllegalArgumentException if it holds another place, or a question mark
     */
    public Builder relation(String relation, String sql) {
      return put(relations, relation, new Template(sql));
    }

    /**
     * Says in SQL when a predicate that reads the record holds.
     *
     * @param predicate a name that the policy declares
     * @param sql as for {@link #relation}, for instance {@code {row}.author = {actor}}
     * @return this
     * @throws IllegalArgumentException if it holds another place, or a question mark
     */
    public Builder predicate(String predicate, String sql) {
      return put(predicates, predicate, new Template(sql));
    }

    /**
     * Makes the mapping.
     *
     * @return the mapping
     */
    public RowMapping build() {
      return new RowMapping(this, Optional.empty());
    }

    private <K, V> Builder put(Map<K, V> map, K key, V value) {
      if (map.putIfAbsent(key, value) != null) {
        throw new IllegalArgumentException("'" + key + "' is mapped twice");
      }
      return this;
    }
  }
}
