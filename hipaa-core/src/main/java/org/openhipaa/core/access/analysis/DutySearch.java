package org.openhipaa.core.access.analysis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.openhipaa.core.access.rules.Rule;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;

/**
 * Looks for groups that can do two things that one person must not do. Groups that the same rules
 * cover can do the same, so it is worked out once for them; and who is in two groups can do what one
 * of them can, or less. Confined to one thread.
 */
final class DutySearch {
  private final PolicyView view;
  private final Duty one;
  private final Duty other;
  private final Ability first;
  private final Ability second;

  DutySearch(PolicyView view, Times times, Duty one, Duty other) {
    this.view = view;
    this.one = one;
    this.other = other;
    Budget budget = new Budget();
    this.first = new Ability(view, times, one, budget);
    this.second = new Ability(view, times, other, budget);
  }

  List<Finding> find() {
    Map<Group, Finding> alone = new TreeMap<>();
    List<Group> ones = new ArrayList<>();
    List<Group> others = new ArrayList<>();
    for (Group group : view.model.groups().keySet()) {
      Set<Group> just = Set.of(group);
      boolean canOne = first.of(just);
      boolean canOther = second.of(just);
      if (canOne && canOther) {
        alone.put(group, finding("group " + group));
      } else if (canOne) {
        ones.add(group);
      } else if (canOther) {
        others.add(group);
      }
    }
    Map<Group, Map<Group, Finding>> pairs = new TreeMap<>();
    for (Group doing : ones) {
      for (Group also : others) {
        Set<Group> both = Set.of(doing, also);
        if (!view.conflicting(both) && first.of(both) && second.of(both)) {
          boolean inOrder = doing.compareTo(also) < 0;
          Group left = inOrder ? doing : also;
          Group right = inOrder ? also : doing;
          pairs
              .computeIfAbsent(left, g -> new TreeMap<>())
              .put(right, finding("groups " + left + " and " + right + " together"));
        }
      }
    }
    List<Finding> found = new ArrayList<>(alone.values());
    pairs.values().forEach(of -> found.addAll(of.values()));
    return List.copyOf(found);
  }

  private Finding finding(String who) {
    return new Finding(
        Finding.Kind.CONFLICTING_DUTIES, List.of(), who + " can " + one + " and " + other);
  }

  /** Who can do one thing, for whichever purpose. */
  private static final class Ability {
    private final List<Part> parts = new ArrayList<>();
    private final List<Integer> permitted = new ArrayList<>();
    private final Map<List<Set<Integer>>, Boolean> known = new HashMap<>();

    Ability(PolicyView view, Times times, Duty duty, Budget budget) {
      Set<List<String>> seen = new HashSet<>();
      for (Purpose purpose : Purpose.values()) {
        List<Rule> rules = view.rules(duty.type(), new Use(duty.action(), purpose));
        if (seen.add(rules.stream().map(Rule::id).toList())) {
          Part part = Part.of(view, times, duty.type(), rules, budget);
          parts.add(part);
          permitted.add(part.effects(0).permitted);
        }
      }
    }

    /** Whether somebody in just these groups can do it. */
    boolean of(Set<Group> groups) {
      List<Set<Integer>> key = new ArrayList<>();
      for (Part part : parts) {
        Set<Integer> of = new TreeSet<>();
        groups.forEach(group -> of.add(part.space.classOf(group)));
        of.remove(-1);
        key.add(of);
      }
      return known.computeIfAbsent(key, this::can);
    }

    private boolean can(List<Set<Integer>> in) {
      for (int i = 0; i < parts.size(); i++) {
        Space space = parts.get(i).space;
        if (space.diagrams.possible(permitted.get(i), space.just(in.get(i)))) {
          return true;
        }
      }
      return false;
    }
  }
}
