package org.openhipaa.core.access.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.openhipaa.core.access.analysis.PolicyView.Typed;
import org.openhipaa.core.access.rules.AttributeType;
import org.openhipaa.core.access.rules.PolicyModel;
import org.openhipaa.core.actor.Recipient;

/**
 * The texts that attributes which are compared with each other may hold, made finite without losing
 * anything: texts that stand in the same lists are alike, and of each such class as many stand for
 * all as the attributes can tell apart (one for each text, for each set, and for each two sets that
 * may have it in common).
 */
final class Texts {
  private static final SortedSet<String> RECIPIENTS = recipients();

  /** The attributes of one text. */
  final List<Typed> single = new ArrayList<>();
  /** The attributes that are sets of texts. */
  final List<Typed> sets = new ArrayList<>();
  /** The pairs of sets that are compared. */
  final List<List<Typed>> common = new ArrayList<>();

  private final Map<String, Integer> classes = new HashMap<>();
  private final List<List<String>> standing = new ArrayList<>();
  private final int other;

  /**
   * Sorts texts into classes.
   *
   * @param attributes those that are linked
   * @param same the pairs that are compared
   * @param lists the lists that they are compared with
   */
  Texts(
      Collection<Typed> attributes,
      Collection<List<Typed>> same,
      Collection<? extends SortedSet<String>> lists) {
    for (Typed attribute : attributes) {
      (attribute.type() == AttributeType.TEXTS ? sets : single).add(attribute);
    }
    same.stream().filter(sets::containsAll).forEach(common::add);
    int needed = attributes.size() == 1 ? 1 : attributes.size() + common.size();
    List<SortedSet<String>> all = new ArrayList<>(lists);
    if (single.stream().anyMatch(Texts::isRecipient)) {
      all.add(RECIPIENTS);
    }
    Map<String, List<Integer>> listed = new LinkedHashMap<>();
    for (int i = 0; i < all.size(); i++) {
      for (String text : all.get(i)) {
        listed.computeIfAbsent(text, t -> new ArrayList<>()).add(i);
      }
    }
    Map<List<Integer>, Integer> numbers = new HashMap<>();
    listed.forEach((text, in) -> {
      int number = numbers.computeIfAbsent(in, s -> {
        standing.add(new ArrayList<>());
        return standing.size() - 1;
      });
      classes.put(text, number);
      if (standing.get(number).size() < needed) {
        standing.get(number).add(text);
      }
    });
    other = standing.size();
    List<String> fresh = new ArrayList<>();
    for (int i = 1; fresh.size() < needed; i++) {
      if (!classes.containsKey("other-" + i)) {
        fresh.add("other-" + i);
      }
    }
    standing.add(fresh);
  }

  static boolean isRecipient(Typed attribute) {
    return attribute.name().equals(PolicyModel.RECIPIENT);
  }

  private static SortedSet<String> recipients() {
    SortedSet<String> labels = new TreeSet<>();
    Arrays.stream(Recipient.values()).forEach(recipient -> labels.add(recipient.label()));
    return labels;
  }

  /** The class that a text belongs to. */
  int classOf(String text) {
    return classes.getOrDefault(text, other);
  }

  /** The texts that stand for a class. */
  List<String> standing(int number) {
    return standing.get(number);
  }

  /** All texts that stand for others; those for no list first. */
  List<String> all() {
    List<String> all = new ArrayList<>(standing.get(other));
    standing.subList(0, other).forEach(all::addAll);
    return all;
  }

  boolean isOther(String text) {
    return !classes.containsKey(text);
  }

  /**
   * The texts that the attribute of this place among {@link #single} may hold. An earlier one has a
   * smaller choice, since which of several like texts comes first makes no difference.
   */
  List<String> values(int place) {
    List<String> values = new ArrayList<>();
    addFirst(standing.get(other), place, values);
    standing.subList(0, other).forEach(texts -> addFirst(texts, place, values));
    if (isRecipient(single.get(place))) {
      values.removeIf(text -> !RECIPIENTS.contains(text));
    }
    return values;
  }

  private static void addFirst(List<String> texts, int place, List<String> to) {
    to.addAll(texts.subList(0, Math.min(texts.size(), place + 1)));
  }

  /**
   * Finds the texts that stand for those of a request.
   *
   * @param texts the known texts of {@link #single}
   * @param values the known sets of {@link #sets}
   * @return what each text becomes; texts of sets that make no difference are left out
   */
  Map<String, String> standIns(Map<Typed, String> texts, Map<Typed, Set<String>> values) {
    Map<Integer, List<String>> chosen = new HashMap<>();
    for (Typed attribute : single) {
      String text = texts.get(attribute);
      if (text != null) {
        choose(text, chosen);
      }
    }
    for (List<Typed> pair : common) {
      Set<String> both = new TreeSet<>(values.getOrDefault(pair.get(0), Set.of()));
      both.retainAll(values.getOrDefault(pair.get(1), Set.of()));
      chooseOfEachClass(both, chosen);
    }
    for (Typed attribute : sets) {
      chooseOfEachClass(values.getOrDefault(attribute, Set.of()), chosen);
    }
    Map<String, String> standIns = new HashMap<>();
    chosen.forEach((number, list) -> {
      for (int i = 0; i < list.size(); i++) {
        standIns.put(list.get(i), standing.get(number).get(i));
      }
    });
    return standIns;
  }

  private void choose(String text, Map<Integer, List<String>> chosen) {
    List<String> list = chosen.computeIfAbsent(classOf(text), c -> new ArrayList<>());
    if (!list.contains(text)) {
      list.add(text);
    }
  }

  /** Unless one that was chosen before will do. */
  private void chooseOfEachClass(Set<String> texts, Map<Integer, List<String>> chosen) {
    Map<Integer, String> first = new LinkedHashMap<>();
    for (String text : texts) {
      List<String> before = chosen.getOrDefault(classOf(text), List.of());
      String best = first.get(classOf(text));
      if (best == null || (before.contains(text) && !before.contains(best))) {
        first.put(classOf(text), text);
      }
    }
    first.values().forEach(text -> choose(text, chosen));
  }
}
