package org.openhipaa.benchmarks.policy;

import jakarta.xml.bind.JAXBException;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.xml.transform.stream.StreamSource;
import oasis.names.tc.xacml._3_0.core.schema.wd_17.DecisionType;
import org.openhipaa.benchmarks.policy.HospitalRules.Request;
import org.openhipaa.benchmarks.policy.HospitalRules.Rule;
import org.ow2.authzforce.core.pdp.api.AttributeFqn;
import org.ow2.authzforce.core.pdp.api.AttributeFqns;
import org.ow2.authzforce.core.pdp.api.DecisionRequest;
import org.ow2.authzforce.core.pdp.api.DecisionRequestBuilder;
import org.ow2.authzforce.core.pdp.api.DecisionResult;
import org.ow2.authzforce.core.pdp.api.value.Bags;
import org.ow2.authzforce.core.pdp.api.value.StandardDatatypes;
import org.ow2.authzforce.core.pdp.api.value.StringValue;
import org.ow2.authzforce.core.pdp.impl.BasePdpEngine;
import org.ow2.authzforce.core.pdp.impl.PdpEngineConfiguration;
import org.ow2.authzforce.core.pdp.impl.PdpModelHandler;
import org.ow2.authzforce.core.xmlns.pdp.Pdp;

/**
 * AuthzForce: XACML 3.0, one rule for each rule with its id as an obligation, combined by
 * deny-overrides. Written as they are, in one policy; or by the hand of somebody who knows that no
 * rule of another department can match, in one policy for each department, whose target is the
 * department.
 */
final class AuthzForcePeer implements Peer<DecisionRequest>, AutoCloseable {
  private static final String SUBJECT =
      "urn:oasis:names:tc:xacml:1.0:subject-category:access-subject";
  private static final String RESOURCE = "urn:oasis:names:tc:xacml:3.0:attribute-category:resource";
  private static final String ACTION = "urn:oasis:names:tc:xacml:3.0:attribute-category:action";
  private static final String ENVIRONMENT =
      "urn:oasis:names:tc:xacml:3.0:attribute-category:environment";
  private static final String STRING = "http://www.w3.org/2001/XMLSchema#string";
  private static final String XACML = "urn:oasis:names:tc:xacml:3.0:core:schema:wd-17";
  private static final String RULES_COMBINED =
      "urn:oasis:names:tc:xacml:3.0:rule-combining-algorithm:deny-overrides";
  private static final String POLICIES_COMBINED =
      "urn:oasis:names:tc:xacml:3.0:policy-combining-algorithm:deny-overrides";

  private final boolean grouped;
  private final BasePdpEngine engine;

  AuthzForcePeer(HospitalRules rules, boolean grouped) {
    this.grouped = grouped;
    try {
      Path folder = Files.createTempDirectory("xacml");
      Path policy = folder.resolve("policy.xml");
      Path pdp = folder.resolve("pdp.xml");
      try {
        try (Writer out = Files.newBufferedWriter(policy)) {
          if (grouped) {
            writeGrouped(out, rules);
          } else {
            writePolicy(out, "root", "", rules.rules());
          }
        }
        Files.writeString(pdp, """
            <pdp xmlns="http://authzforce.github.io/core/xmlns/pdp/8"
                xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="8.1">
              <policyProvider id="rules" xsi:type="StaticPolicyProvider">
                <policyLocation>%s</policyLocation>
              </policyProvider>
              <rootPolicyRef>root</rootPolicyRef>
            </pdp>
            """.formatted(policy.toUri()));
        // Read without the place holders that its own reader replaces, which needs an older Spring.
        Pdp configuration =
            new PdpModelHandler(null, null).unmarshal(new StreamSource(pdp.toFile()), Pdp.class);
        engine = new BasePdpEngine(new PdpEngineConfiguration(configuration, text -> text));
      } finally {
        for (Path file : List.of(policy, pdp, folder)) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException | JAXBException e) {
      throw new IllegalStateException("AuthzForce refuses the rules", e);
    }
  }

  private static void writeGrouped(Writer out, HospitalRules rules) throws IOException {
    out.write("<PolicySet xmlns=\"" + XACML + "\" PolicySetId=\"root\" Version=\"1.0\""
        + " PolicyCombiningAlgId=\"" + POLICIES_COMBINED + "\">\n<Target/>\n");
    for (String department :
        Stream.concat(Stream.of(""), rules.departments().stream()).toList()) {
      String target = department.isEmpty()
          ? ""
          : anyOf(List.of(
              match(department, RESOURCE, "department"), match(department, SUBJECT, "department")));
      writePolicy(
          out,
          "policy-" + department,
          target,
          rules.rules().stream()
              .filter(rule -> rule.department().equals(department))
              .toList());
    }
    out.write("</PolicySet>\n");
  }

  private static void writePolicy(Writer out, String id, String target, List<Rule> rules)
      throws IOException {
    out.write("<Policy xmlns=\"" + XACML + "\" PolicyId=\"" + id + "\" Version=\"1.0\""
        + " RuleCombiningAlgId=\"" + RULES_COMBINED + "\">\n<Target>" + target + "</Target>\n");
    for (Rule rule : rules) {
      writeRule(out, rule);
    }
    out.write("</Policy>\n");
  }

  /** The department comes first, since most rules differ in it. */
  private static void writeRule(Writer out, Rule rule) throws IOException {
    String effect = rule.permit() ? "Permit" : "Deny";
    out.write("<Rule RuleId=\"" + rule.id() + "\" Effect=\"" + effect + "\"><Target>");
    if (rule.ofRecord()) {
      out.write(anyOf(List.of(match(rule.department(), RESOURCE, "department"))));
    }
    if (rule.ofActor()) {
      out.write(anyOf(List.of(match(rule.department(), SUBJECT, "department"))));
    }
    out.write(anyOf(List.of(match(rule.type(), RESOURCE, "type"))));
    if (!rule.role().isEmpty()) {
      out.write(anyOf(List.of(match(rule.role(), SUBJECT, "role"))));
    }
    out.write(
        anyOf(rule.actions().stream().map(word -> match(word, ACTION, "action")).toList()));
    if (!rule.purposes().isEmpty()) {
      out.write(anyOf(rule.purposes().stream()
          .map(word -> match(word, ENVIRONMENT, "purpose"))
          .toList()));
    }
    out.write("</Target>\n<ObligationExpressions><ObligationExpression ObligationId=\""
        + rule.id() + "\" FulfillOn=\"" + effect
        + "\"/></ObligationExpressions></Rule>\n");
  }

  private static String anyOf(List<String> matches) {
    return "<AnyOf><AllOf>" + String.join("</AllOf><AllOf>", matches) + "</AllOf></AnyOf>";
  }

  private static String match(String value, String category, String attribute) {
    return "<Match MatchId=\"urn:oasis:names:tc:xacml:1.0:function:string-equal\">"
        + "<AttributeValue DataType=\"" + STRING + "\">" + value + "</AttributeValue>"
        + "<AttributeDesignator Category=\"" + category + "\" AttributeId=\"" + attribute
        + "\" DataType=\"" + STRING + "\" MustBePresent=\"false\"/></Match>";
  }

  @Override
  public String name() {
    return grouped ? "AuthzForce, grouped by hand" : "AuthzForce";
  }

  @Override
  public String answers() {
    return "obligations";
  }

  @Override
  public DecisionRequest prepare(Request r) {
    DecisionRequestBuilder<?> builder = engine.newRequestBuilder(4, 6);
    add(builder, SUBJECT, "role", r.role());
    add(builder, SUBJECT, "department", r.actorDepartment());
    add(builder, RESOURCE, "type", r.type());
    add(builder, RESOURCE, "department", r.recordDepartment());
    add(builder, ACTION, "action", r.action());
    add(builder, ENVIRONMENT, "purpose", r.purpose());
    return builder.build(false);
  }

  private static void add(
      DecisionRequestBuilder<?> builder, String category, String attribute, String value) {
    AttributeFqn name = AttributeFqns.newInstance(category, Optional.empty(), attribute);
    builder.putNamedAttributeIfAbsent(
        name, Bags.singletonAttributeBag(StandardDatatypes.STRING, new StringValue(value)));
  }

  @Override
  public boolean permits(DecisionRequest prepared) {
    DecisionResult result = engine.evaluate(prepared);
    if (result.getDecision() == DecisionType.INDETERMINATE) {
      throw new IllegalStateException("AuthzForce does not decide: " + result);
    }
    boolean permitted = result.getDecision() == DecisionType.PERMIT;
    if (permitted && result.getPepActions().isEmpty()) {
      throw new IllegalStateException("AuthzForce permits without an obligation");
    }
    return permitted;
  }

  @Override
  public void close() throws IOException {
    engine.close();
  }
}
