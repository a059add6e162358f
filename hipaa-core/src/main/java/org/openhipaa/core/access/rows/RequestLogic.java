package org.openhipaa.core.access.rows;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.openhipaa.core.HipaaBugException;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.BreakGlassTicket;
import org.openhipaa.core.access.DenyReason;
import org.openhipaa.core.access.rules.AttributeDeclaration;
import org.openhipaa.core.access.rules.AttributeName;
import org.openhipaa.core.access.rules.AttributeType;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.access.rules.PolicyModel;
import org.openhipaa.core.access.rules.Rule;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.internal.Closure;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.RecordRef;
import org.openhipaa.core.record.RecordType;

/**
 * Applies the rules of a policy to a request as far as it is known before its rows are. Asks each
 * predicate once. One thread only.
 */
final class RequestLogic implements ConditionLogic {
  private final AccessPolicy policy;
  private final PolicyModel model;
  private final AccessRequest request;
  private final Set<Group> groups;
  private final Map<Condition, Logic> known = new HashMap<>();

  RequestLogic(AccessPolicy policy, AccessRequest request) {
    this.policy = policy;
    this.model = policy.model();
    this.request = request;
    this.groups = Closure.of(model.groups(), request.actor().groups());
  }

  @Override
  public Logic elementary(Condition condition) {
    if (!ConditionSql.isOfRow(condition, model)) {
      return known.computeIfAbsent(condition, c -> Logic.of(policy.test(c, request)));
    }
    if (condition instanceof Condition.Same same
        && (isUnknown(same.left()) || isUnknown(same.right()))) {
      return Logic.Fixed.UNKNOWN;
    }
    return known.computeIfAbsent(
        condition, c -> new Logic.Asked(sql -> sql.condition(c), true, false));
  }

  private boolean isUnknown(AttributeName name) {
    return name.side() != AttributeName.Side.RECORD
        && texts(model, request, name).isEmpty();
  }

  /** A text or set of texts that the request brings along. */
  static Optional<Set<String>> texts(PolicyModel model, AccessRequest request, AttributeName name) {
    Optional<Object> value = value(request, name, model.zone());
    if (type(model, name) == AttributeType.TEXT) {
      return value.filter(String.class::isInstance).map(text -> Set.of((String) text));
    }
    return value.filter(Set.class::isInstance).map(RequestLogic::strings);
  }

  /** The fields of a type; none if it is not declared. */
  static SortedSet<FieldPath> fields(PolicyModel model, RecordType type) {
    return model.types().getOrDefault(type, Collections.emptySortedSet());
  }

  /** An attribute that the request brings along, as it is. */
  static Optional<Object> value(AccessRequest request, AttributeName name, ZoneId zone) {
    if (name.side() == AttributeName.Side.ACTOR) {
      return request.actor().attributes().value(name.name());
    } else if (name.equals(PolicyModel.RECIPIENT)) {
      return request.recipient().map(recipient -> recipient.label());
    } else if (name.equals(PolicyModel.HOUR)) {
      return request.at().map(time -> (long) time.atZone(zone).getHour());
    } else if (name.equals(PolicyModel.WEEKDAY)) {
      return request.at().map(time -> (long) time.atZone(zone).getDayOfWeek().getValue());
    }
    return request.context().value(name.name());
  }

  static AttributeType type(PolicyModel model, AttributeName name) {
    AttributeDeclaration declaration =
        model.attributes().getOrDefault(name, PolicyModel.BUILT_IN.get(name));
    if (declaration == null) {
      throw new HipaaBugException("a condition names the undeclared attribute " + name);
    }
    return declaration.type();
  }

  private static Set<String> strings(Object set) {
    Set<String> strings = new TreeSet<>();
    ((Set<?>) set).forEach(text -> strings.add((String) text));
    return strings;
  }

  /** The rules that cover the request. */
  Merging rules() {
    List<Merging.Permit> permits = new ArrayList<>();
    List<Logic> denials = new ArrayList<>();
    for (Rule rule : model.rules()) {
      if (!covers(rule)) {
        continue;
      }
      if (!rule.permits()) {
        denials.add(Logic.possibly(of(rule.condition())));
      } else if (request.actor().assurance().atLeast(rule.assurance())) {
        Logic applies = Logic.surely(Logic.all(of(rule.condition()), ticket(rule)));
        if (!applies.equals(Logic.Fixed.FALSE)) {
          permits.add(new Merging.Permit(rule, applies, Logic.of(demands(rule).isPresent())));
        }
      }
    }
    return new Merging(permits, Logic.any(denials));
  }

  private boolean covers(Rule rule) {
    return rule.actions().contains(request.action())
        && (rule.types().isEmpty() || rule.types().contains(request.type()))
        && (rule.purposes().isEmpty() || rule.purposes().contains(request.purpose()))
        && (rule.groups().isEmpty() || rule.groups().stream().anyMatch(groups::contains));
  }

  /** What the request lacks, whatever the row, that the rule demands where it applies. */
  Optional<DenyReason> demands(Rule rule) {
    SortedSet<FieldPath> all = fields(model, request.type());
    Set<FieldPath> asked = request.fields().isEmpty() ? all : request.fields();
    if (!all.isEmpty() && asked.stream().allMatch(field -> mask(rule, field) == Mask.HIDE)) {
      return Optional.of(DenyReason.NO_PERMITTED_FIELD);
    } else if (request.filterFields().stream().anyMatch(f -> mask(rule, f) != Mask.SHOW)) {
      return Optional.of(DenyReason.FIELD_NOT_FOR_FILTER);
    } else if (rule.obligations().reasonRequired()
        && request.reason().filter(text -> !text.isBlank()).isEmpty()) {
      return Optional.of(DenyReason.REASON_NEEDED);
    } else if (!rule.obligations().approvers().isEmpty()
        && approving(model, request).stream()
            .noneMatch(group -> rule.obligations().approvers().contains(group))) {
      return Optional.of(DenyReason.APPROVAL_NEEDED);
    }
    return Optional.empty();
  }

  private static Mask mask(Rule rule, FieldPath field) {
    return rule.fields().getOrDefault(field, Mask.HIDE);
  }

  /** The groups that approve the request, with all that they are members of. */
  static Set<Group> approving(PolicyModel model, AccessRequest request) {
    return request
        .approver()
        .filter(second -> !second.id().equals(request.actor().id()))
        .<Set<Group>>map(second -> Closure.of(model.groups(), second.groups()))
        .orElse(Set.of());
  }

  private Logic ticket(Rule rule) {
    Optional<BreakGlassTicket> ticket = request.ticket();
    if (!rule.breakGlass()) {
      return Logic.Fixed.TRUE;
    } else if (ticket.isEmpty() || !coversSomeRow(ticket.get(), request)) {
      return Logic.Fixed.FALSE;
    } else if (ticket.get().record().isPresent()) {
      return ofRecord(ticket.get().record().get());
    }
    return ticket
        .get()
        .patient()
        .<Logic>map(who -> new Logic.Asked(
            sql -> sql.equal(sql.patient("break-glass tickets"), SqlText.text(who.reveal())),
            true,
            false))
        .orElse(Logic.Fixed.TRUE);
  }

  /** Whether a ticket covers the request on the rows of its record or patient. */
  static boolean coversSomeRow(BreakGlassTicket ticket, AccessRequest request) {
    AccessRequest.Builder on = request.toBuilder();
    ticket.patient().ifPresent(on::patient);
    ticket.record().ifPresent(on::record);
    return ticket.record().filter(ref -> !ref.type().equals(request.type())).isEmpty()
        && ticket.covers(on.build());
  }

  private static Logic ofRecord(RecordRef ref) {
    return new Logic.Asked(
        sql -> sql.ofRecord(
            SqlText.text(ref.patient().reveal()),
            SqlText.text(ref.revealId()),
            SqlText.text(ref.tenant().value())),
        true,
        false);
  }
}
