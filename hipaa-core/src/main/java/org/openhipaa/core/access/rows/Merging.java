package org.openhipaa.core.access.rows;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.openhipaa.core.access.rules.Rule;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.FieldPath;

/**
 * The steps of a decision, from the rules that apply to the fields that are left, as logic over
 * rows. Immutable.
 *
 * @param permits the permits that may apply
 * @param denied whether a denial applies; never unknown
 */
record Merging(List<Permit> permits, Logic denied) {
  /**
   * A permit.
   *
   * @param rule the rule
   * @param applies whether it applies; never unknown
   * @param spoils whether, if it applies, the request is denied for what it demands
   */
  record Permit(Rule rule, Logic applies, Logic spoils) {
    Mask mask(FieldPath field) {
      return rule.fields().getOrDefault(field, Mask.HIDE);
    }
  }

  /**
   * When a row is found.
   *
   * @param fields the fields of the record type
   * @param asked whether a field was asked for
   */
  Logic found(SortedSet<FieldPath> fields, Function<FieldPath, Logic> asked) {
    List<Logic> all = new ArrayList<>();
    all.add(Logic.any(permits.stream()
        .map(p -> Logic.all(p.applies(), Logic.not(Logic.surely(p.spoils()))))
        .toList()));
    all.add(Logic.not(denied));
    permits.forEach(p -> all.add(Logic.not(Logic.all(p.applies(), Logic.possibly(p.spoils())))));
    if (!fields.isEmpty()) {
      // Fields that every rule treats alike are left, or not, together.
      Map<List<Mask>, List<Logic>> alike = new LinkedHashMap<>();
      fields.forEach(field -> alike
          .computeIfAbsent(
              permits.stream().map(p -> p.mask(field)).toList(), masks -> new ArrayList<>())
          .add(asked.apply(field)));
      List<Logic> left = new ArrayList<>();
      alike.forEach((masks, ask) ->
          left.add(Logic.all(Logic.surely(Logic.any(ask)), Logic.not(hidden(byMask(masks))))));
      all.add(Logic.any(left));
    }
    return Logic.all(all);
  }

  /** For each mask of a field but the last, when it is the merged one; whatever is left is shown. */
  Map<Mask, Logic> masks(FieldPath field) {
    Map<Mask, Logic> byMask = byMask(permits.stream().map(p -> p.mask(field)).toList());
    Map<Mask, Logic> merged = new LinkedHashMap<>();
    merged.put(
        Mask.HIDE,
        Logic.any(
            Logic.not(Logic.any(permits.stream().map(Permit::applies).toList())), hidden(byMask)));
    byMask.forEach((mask, applies) -> {
      if (mask != Mask.HIDE && mask != Mask.SHOW) {
        merged.put(mask, applies);
      }
    });
    return merged;
  }

  private Map<Mask, Logic> byMask(List<Mask> masks) {
    Map<Mask, Logic> byMask = new EnumMap<>(Mask.class);
    IntStream.range(0, masks.size())
        .forEach(i -> byMask.merge(
            masks.get(i), permits.get(i).applies(), (one, other) -> Logic.any(one, other)));
    return byMask;
  }

  /** One rule hides it, or two show different parts of it. */
  private static Logic hidden(Map<Mask, Logic> byMask) {
    List<Logic> ways = new ArrayList<>();
    List<Logic> others = new ArrayList<>();
    byMask.forEach((mask, applies) -> {
      if (mask == Mask.HIDE) {
        ways.add(applies);
      } else if (mask != Mask.SHOW) {
        ways.add(Logic.all(applies, Logic.any(others)));
        others.add(applies);
      }
    });
    return Logic.any(ways);
  }

  /** The same with what is worked out already, in columns of these names and numbers. */
  Merging inColumns(String permit, String denial) {
    List<Permit> columns = new ArrayList<>();
    for (int i = 0; i < permits.size(); i++) {
      Permit p = permits.get(i);
      columns.add(new Permit(p.rule(), column(p.applies(), permit + i), p.spoils()));
    }
    return new Merging(columns, column(denied, denial));
  }

  private static Logic column(Logic logic, String name) {
    return logic instanceof Logic.Fixed
        ? logic
        : new Logic.Asked(sql -> SqlText.of(name), true, true);
  }

  /** The columns that {@link #inColumns} reads; none if everything is known already. */
  List<SqlText> columns(ConditionSql sql, String permit, String denial) {
    List<SqlText> columns = new ArrayList<>();
    for (int i = 0; i < permits.size(); i++) {
      addColumn(columns, sql, permits.get(i).applies(), permit + i);
    }
    addColumn(columns, sql, denied, denial);
    return columns;
  }

  private static void addColumn(List<SqlText> to, ConditionSql sql, Logic logic, String name) {
    if (!(logic instanceof Logic.Fixed)) {
      to.add(sql.write(logic).add(" AS " + name));
    }
  }
}
