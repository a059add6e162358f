package org.openhipaa.benchmarks.policy;

import java.util.List;
import java.util.stream.Collectors;
import org.casbin.jcasbin.main.EnforceResult;
import org.casbin.jcasbin.main.Enforcer;
import org.casbin.jcasbin.model.Model;
import org.openhipaa.benchmarks.policy.HospitalRules.Request;

/**
 * jCasbin: one policy line for each rule, one matcher for all, which compares first what most lines
 * differ in. Sets of actions and purposes are texts such as {@code |read|search|}.
 */
final class JCasbinPeer implements Peer<Object[]> {
  private static final String MODEL = """
      [request_definition]
      r = record_department, actor_department, type, role, action, purpose

      [policy_definition]
      p = record_department, actor_department, type, role, actions, purposes, eft, id

      [policy_effect]
      e = some(where (p.eft == allow)) && !some(where (p.eft == deny))

      [matchers]
      m = (p.record_department == "*" || r.record_department == p.record_department) \
      && (p.actor_department == "*" || r.actor_department == p.actor_department) \
      && r.type == p.type && (p.role == "*" || r.role == p.role) \
      && string.contains(p.actions, r.action) \
      && (p.purposes == "*" || string.contains(p.purposes, r.purpose))
      """;

  private final Enforcer enforcer;

  JCasbinPeer(HospitalRules rules) {
    Model model = new Model();
    model.loadModelFromText(MODEL);
    enforcer = new Enforcer(model, null, false);
    enforcer.addPolicies(rules.rules().stream().map(JCasbinPeer::line).toList());
  }

  private static List<String> line(HospitalRules.Rule rule) {
    return List.of(
        rule.ofRecord() ? rule.department() : "*",
        rule.ofActor() ? rule.department() : "*",
        rule.type(),
        rule.role().isEmpty() ? "*" : rule.role(),
        set(rule.actions()),
        rule.purposes().isEmpty() ? "*" : set(rule.purposes()),
        rule.permit() ? "allow" : "deny",
        rule.id());
  }

  private static String set(List<String> words) {
    return words.stream().collect(Collectors.joining("|", "|", "|"));
  }

  @Override
  public String name() {
    return "jCasbin";
  }

  @Override
  public String answers() {
    return "rule id";
  }

  @Override
  public Object[] prepare(Request r) {
    return new Object[] {
      r.recordDepartment(),
      r.actorDepartment(),
      r.type(),
      r.role(),
      "|" + r.action() + "|",
      "|" + r.purpose() + "|"
    };
  }

  @Override
  public boolean permits(Object[] prepared) {
    EnforceResult result = enforcer.enforceEx(prepared);
    return result.isAllow();
  }
}
