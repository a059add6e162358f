package org.openhipaa.benchmarks.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.openhipaa.benchmarks.policy.HospitalRules.Request;
import org.openhipaa.benchmarks.policy.HospitalRules.Rule;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.authorization.AuthorityAuthorizationManager;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationManagers;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/**
 * Spring Security: one authorization manager for each rule, its attributes compared in Java and its
 * role by Spring, put together with {@code allOf}, {@code anyOf} and {@code not}. The department,
 * which most rules differ in, is compared first.
 */
final class SpringSecurityPeer implements Peer<SpringSecurityPeer.Question> {
  /** Who, and what they ask. */
  record Question(Supplier<Authentication> who, Request request) {}

  private static final AuthorizationDecision YES = new AuthorizationDecision(true);
  private static final AuthorizationDecision NO = new AuthorizationDecision(false);

  private final AuthorizationManager<Request> manager;

  SpringSecurityPeer(HospitalRules rules) {
    List<AuthorizationManager<Request>> permits = new ArrayList<>();
    List<AuthorizationManager<Request>> denies = new ArrayList<>();
    rules.rules().forEach(rule -> (rule.permit() ? permits : denies).add(manager(rule)));
    manager = AuthorizationManagers.allOf(
        AuthorizationManagers.anyOf(array(permits)),
        AuthorizationManagers.not(AuthorizationManagers.anyOf(array(denies))));
  }

  private static AuthorizationManager<Request> manager(Rule rule) {
    Set<String> actions = Set.copyOf(rule.actions());
    Set<String> purposes = Set.copyOf(rule.purposes());
    AuthorizationManager<Request> attributes = (who, r) -> {
      boolean fits = (!rule.ofRecord() || rule.department().equals(r.recordDepartment()))
          && (!rule.ofActor() || rule.department().equals(r.actorDepartment()))
          && rule.type().equals(r.type())
          && actions.contains(r.action())
          && (purposes.isEmpty() || purposes.contains(r.purpose()));
      return fits ? YES : NO;
    };
    return rule.role().isEmpty()
        ? attributes
        : AuthorizationManagers.allOf(
            attributes, AuthorityAuthorizationManager.hasRole(rule.role()));
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // No array of a generic type can be made otherwise.
  private static AuthorizationManager<Request>[] array(List<AuthorizationManager<Request>> list) {
    return list.toArray(new AuthorizationManager[0]);
  }

  @Override
  public String name() {
    return "Spring Security";
  }

  @Override
  public String answers() {
    return "yes or no";
  }

  @Override
  public Question prepare(Request request) {
    Authentication who = UsernamePasswordAuthenticationToken.authenticated(
        "someone", null, List.of(new SimpleGrantedAuthority("ROLE_" + request.role())));
    return new Question(() -> who, request);
  }

  @Override
  public boolean permits(Question question) {
    return manager.authorize(question.who(), question.request()).isGranted();
  }
}
