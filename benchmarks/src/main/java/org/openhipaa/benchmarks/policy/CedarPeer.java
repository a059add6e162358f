package org.openhipaa.benchmarks.policy;

import com.cedarpolicy.AuthorizationEngine;
import com.cedarpolicy.BasicAuthorizationEngine;
import com.cedarpolicy.model.AuthorizationRequest;
import com.cedarpolicy.model.AuthorizationResponse;
import com.cedarpolicy.model.AuthorizationSuccessResponse;
import com.cedarpolicy.model.entity.Entity;
import com.cedarpolicy.model.exception.AuthException;
import com.cedarpolicy.model.exception.CacheException;
import com.cedarpolicy.model.policy.Policy;
import com.cedarpolicy.model.policy.PolicySet;
import com.cedarpolicy.value.EntityTypeName;
import com.cedarpolicy.value.EntityUID;
import com.cedarpolicy.value.PrimString;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.openhipaa.benchmarks.policy.HospitalRules.Request;
import org.openhipaa.benchmarks.policy.HospitalRules.Rule;

/**
 * cedar-java: one policy for each rule, with role, actions and type in its scope. The set is parsed
 * once and kept on the native side; a decision sends the request and its two entities.
 */
final class CedarPeer implements Peer<CedarPeer.Question> {
  /** The request, and what is known of the actor and of the record. */
  record Question(AuthorizationRequest request, Set<Entity> entities) {}

  private static final EntityTypeName USER = type("User");
  private static final EntityTypeName ROLE = type("Role");
  private static final EntityTypeName ACTION = type("Action");

  private final AuthorizationEngine engine = new BasicAuthorizationEngine();
  private final PolicySet policies;

  CedarPeer(HospitalRules rules) {
    Set<Policy> set = new HashSet<>();
    rules.rules().forEach(rule -> set.add(new Policy(source(rule), rule.id())));
    policies = new PolicySet(set);
    try {
      policies.cache();
    } catch (CacheException e) {
      throw new IllegalStateException("Cedar refuses the rules", e);
    }
  }

  private static String source(Rule rule) {
    List<String> conditions = new ArrayList<>();
    if (rule.ofRecord()) {
      conditions.add("resource.department == \"" + rule.department() + "\"");
    }
    if (rule.ofActor()) {
      conditions.add("principal.department == \"" + rule.department() + "\"");
    }
    if (!rule.purposes().isEmpty()) {
      conditions.add(rule.purposes().stream()
              .map(purpose -> '"' + purpose + '"')
              .collect(Collectors.joining(", ", "[", "]"))
          + ".contains(context.purpose)");
    }
    return (rule.permit() ? "permit" : "forbid")
        + "(principal"
        + (rule.role().isEmpty() ? "" : " in Role::\"" + rule.role() + '"')
        + rule.actions().stream()
            .map(action -> "Action::\"" + action + '"')
            .collect(Collectors.joining(", ", ", action in [", "]"))
        + ", resource is "
        + typeName(rule.type())
        + ")"
        + (conditions.isEmpty() ? "" : " when { " + String.join(" && ", conditions) + " }")
        + ";";
  }

  private static String typeName(String type) {
    return "T_" + type.replace('-', '_');
  }

  private static EntityTypeName type(String name) {
    return EntityTypeName.parse(name).orElseThrow();
  }

  @Override
  public String name() {
    return "cedar-java";
  }

  @Override
  public String answers() {
    return "rule ids";
  }

  @Override
  public Question prepare(Request r) {
    EntityUID who = USER.of("someone");
    EntityUID what = type(typeName(r.type())).of("it");
    Entity actor = new Entity(
        who, Map.of("department", new PrimString(r.actorDepartment())), Set.of(ROLE.of(r.role())));
    Entity record =
        new Entity(what, Map.of("department", new PrimString(r.recordDepartment())), Set.of());
    return new Question(
        new AuthorizationRequest(
            who, ACTION.of(r.action()), what, Map.of("purpose", new PrimString(r.purpose()))),
        Set.of(actor, record));
  }

  @Override
  public boolean permits(Question question) {
    try {
      AuthorizationResponse response =
          engine.isAuthorized(question.request(), policies, question.entities());
      AuthorizationSuccessResponse success = response.success.orElseThrow();
      if (!success.getErrors().isEmpty()) {
        throw new IllegalStateException("Cedar reports errors: " + success.getErrors());
      }
      return success.isAllowed();
    } catch (AuthException e) {
      throw new IllegalStateException("Cedar does not decide", e);
    }
  }
}
