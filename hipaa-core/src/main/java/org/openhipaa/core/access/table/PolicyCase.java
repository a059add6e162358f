package org.openhipaa.core.access.table;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.openhipaa.core.access.AccessDecider;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.rules.AttributeName;
import org.openhipaa.core.access.rules.PolicyModel;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.record.Attributes;

/**
 * One case of a {@link PolicyTable}: a request, and what is expected of a policy.
 *
 * <p>Immutable and thread-safe.
 */
public final class PolicyCase {
  private final String name;
  private final int line;
  private final AccessRequest request;
  private final Set<String> lookedUp;
  private final Expectation expectation;

  PolicyCase(
      String name, int line, AccessRequest request, Set<String> lookedUp, Expectation expectation) {
    this.name = name;
    this.line = line;
    this.request = request;
    this.lookedUp = lookedUp;
    this.expectation = expectation;
  }

  /**
   * What the case is about.
   *
   * @return one of a kind in its table
   */
  public String name() {
    return name;
  }

  /**
   * Where it stands.
   *
   * @return the line in its file, from 1
   */
  public int line() {
    return line;
  }

  /**
   * What is asked.
   *
   * @return the request
   */
  public AccessRequest request() {
    return request;
  }

  /**
   * Asks, and compares with what is expected.
   *
   * @param decider what is tested
   * @return what is wrong, or empty if the decision is as expected
   */
  public Optional<String> failure(AccessDecider decider) {
    return expectation.mismatch(decider.decide(request));
  }

  /**
   * Looks for names that a policy does not declare, which may be misspelt: a case that expects a
   * denial would hold for the wrong reason.
   *
   * @param model what the policy says
   * @return the first such name in a sentence, or empty
   */
  public Optional<String> undeclared(PolicyModel model) {
    return firstMissing("group", names(request.actor()), names(model.groups().keySet()))
        .or(() -> firstMissing(
            "group",
            request.approver().map(PolicyCase::names).orElse(Set.of()),
            names(model.groups().keySet())))
        .or(() -> firstMissing("relation or predicate", lookedUp, lookups(model)))
        .or(() -> firstMissing(
            "label",
            request.labels().<Set<String>>map(l -> l).orElse(Set.of()),
            model.labels().keySet()))
        .or(() -> firstMissing("attribute", attributes(), attributes(model)));
  }

  private static Set<String> names(Actor actor) {
    return names(actor.groups());
  }

  private static Set<String> names(Collection<Group> groups) {
    Set<String> names = new TreeSet<>();
    groups.forEach(group -> names.add(group.value()));
    return names;
  }

  private static Set<String> lookups(PolicyModel model) {
    Set<String> all = new TreeSet<>(model.relations());
    all.addAll(model.predicates().keySet());
    return all;
  }

  private Set<String> attributes() {
    Set<String> names = new TreeSet<>();
    add(names, AttributeName.Side.ACTOR, request.actor().attributes());
    add(names, AttributeName.Side.RECORD, request.attributes());
    add(names, AttributeName.Side.CONTEXT, request.context());
    return names;
  }

  private static void add(Set<String> names, AttributeName.Side side, Attributes attributes) {
    attributes.names().forEach(name -> names.add(new AttributeName(side, name).text()));
  }

  private static Set<String> attributes(PolicyModel model) {
    Set<String> names = new TreeSet<>();
    model.attributes().keySet().forEach(name -> names.add(name.text()));
    names.add(PolicyModel.WORKSTATION.text());
    names.add(PolicyModel.LOCATION.text());
    return names;
  }

  private static Optional<String> firstMissing(
      String what, Set<String> named, Set<String> declared) {
    return named.stream()
        .filter(name -> !declared.contains(name))
        .findFirst()
        .map(name -> "names the " + what + " '" + name + "', which the policy does not declare");
  }
}
