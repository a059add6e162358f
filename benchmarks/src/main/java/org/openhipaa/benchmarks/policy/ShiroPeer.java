package org.openhipaa.benchmarks.policy;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.shiro.authc.AuthenticationInfo;
import org.apache.shiro.authc.AuthenticationToken;
import org.apache.shiro.authz.AuthorizationInfo;
import org.apache.shiro.authz.Permission;
import org.apache.shiro.authz.SimpleAuthorizationInfo;
import org.apache.shiro.authz.permission.WildcardPermission;
import org.apache.shiro.cache.MemoryConstrainedCacheManager;
import org.apache.shiro.realm.AuthorizingRealm;
import org.apache.shiro.subject.ImmutablePrincipalCollection;
import org.apache.shiro.subject.PrincipalCollection;
import org.openhipaa.benchmarks.policy.HospitalRules.Request;

/**
 * Apache Shiro: one wildcard permission for each rule, parsed beforehand and held by the role in a
 * cached realm, so that a decision looks at the rules of one role only. Shiro knows no denies: they
 * are permissions of another kind, which are asked for as well.
 */
final class ShiroPeer implements Peer<ShiroPeer.Question> {
  /** Who, and the permission that permits and that denies. */
  record Question(PrincipalCollection who, Permission permit, Permission deny) {}

  private final Realm realm;
  private final Map<String, PrincipalCollection> principals = new HashMap<>();

  ShiroPeer(HospitalRules rules) {
    Map<String, AuthorizationInfo> byRole = new HashMap<>();
    for (String role : HospitalRules.ROLES) {
      Set<Permission> permissions = new LinkedHashSet<>();
      rules.rules().stream()
          .filter(rule -> rule.role().isEmpty() || rule.role().equals(role))
          .forEach(rule -> permissions.add(new WildcardPermission(String.join(
              ":",
              rule.permit() ? "permit" : "deny",
              rule.ofRecord() ? rule.department() : "*",
              rule.ofActor() ? rule.department() : "*",
              rule.type(),
              String.join(",", rule.actions()),
              rule.purposes().isEmpty() ? "*" : String.join(",", rule.purposes())))));
      SimpleAuthorizationInfo info = new SimpleAuthorizationInfo(Set.of(role));
      info.setObjectPermissions(permissions);
      byRole.put(role, info);
      principals.put(role, ImmutablePrincipalCollection.ofSinglePrincipal(role, "hospital"));
    }
    realm = new Realm(byRole);
  }

  @Override
  public String name() {
    return "Apache Shiro";
  }

  @Override
  public String answers() {
    return "yes or no";
  }

  @Override
  public Question prepare(Request r) {
    List<String> parts =
        List.of(r.recordDepartment(), r.actorDepartment(), r.type(), r.action(), r.purpose());
    String text = String.join(":", parts);
    return new Question(
        principals.get(r.role()),
        new WildcardPermission("permit:" + text),
        new WildcardPermission("deny:" + text));
  }

  @Override
  public boolean permits(Question question) {
    return realm.isPermitted(question.who(), question.permit())
        && !realm.isPermitted(question.who(), question.deny());
  }

  /** Answers out of a map, through Shiro's cache. */
  private static final class Realm extends AuthorizingRealm {
    private final Map<String, AuthorizationInfo> byRole;

    Realm(Map<String, AuthorizationInfo> byRole) {
      super(new MemoryConstrainedCacheManager());
      this.byRole = byRole;
      setName("hospital");
      setAuthorizationCachingEnabled(true);
    }

    @Override
    protected AuthorizationInfo doGetAuthorizationInfo(PrincipalCollection who) {
      return byRole.get((String) who.getPrimaryPrincipal());
    }

    @Override
    protected AuthenticationInfo doGetAuthenticationInfo(AuthenticationToken token) {
      throw new UnsupportedOperationException("nobody logs in here");
    }
  }
}
