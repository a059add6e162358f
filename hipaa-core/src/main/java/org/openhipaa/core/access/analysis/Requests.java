package org.openhipaa.core.access.analysis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.BreakGlassTicket;
import org.openhipaa.core.access.analysis.PolicyView.Typed;
import org.openhipaa.core.access.rules.AttributeName;
import org.openhipaa.core.access.rules.AttributeType;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.access.rules.Truth;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Recipient;
import org.openhipaa.core.record.Attributes;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordType;

/** Turns requests into values of variables, and values of variables into requests. */
final class Requests {
  private static final ActorId ACTOR = ActorId.of("witness");
  private static final ActorId APPROVER = ActorId.of("second-person");
  private static final String SESSION = "witness";

  private Requests() {}

  /** The values that stand for a request of the space's one policy. */
  static int[] read(Space space, AccessRequest request) {
    PolicyView view = space.views.get(0);
    int[] values = space.variables.stream().mapToInt(Variable::idle).toArray();
    space.index().forEach((key, variable) -> {
      int value = switch (key.kind()) {
        case VALUE -> value(space, (Typed) key.of(), variable, request);
        case WHEN -> request.at().map(space::timeClass).orElse(values[variable]);
        case TICKET -> one(request.ticket().filter(t -> t.covers(request)).isPresent());
        case LABELS -> one(request.labels().isEmpty());
        case LABEL -> one(carries(space, (Integer) key.of(), request));
        case RELATION -> truth(view, Condition.relation((String) key.of()), request);
        case PREDICATE -> truth(view, Condition.predicate((String) key.of()), request);
        case ASSURANCE -> request.actor().assurance().ordinal();
        case GROUP ->
          one(!Collections.disjoint(
              space.groupClasses.get((Integer) key.of()), request.actor().groups()));
        case HAS -> 0;
      };
      values[variable] = value;
    });
    space.texts.forEach(texts -> readTexts(space, texts, request, values));
    return values;
  }

  private static int one(boolean holds) {
    return holds ? 1 : 0;
  }

  private static int truth(PolicyView view, Condition condition, AccessRequest request) {
    Truth truth = view.policy.test(condition, request);
    return truth == Truth.TRUE ? 1 : truth == Truth.FALSE ? 0 : 2;
  }

  private static boolean carries(Space space, int number, AccessRequest request) {
    Set<String> carried = request.labels().orElse(Collections.emptySortedSet());
    SortedSet<String> alike = space.labelClasses.get(number);
    boolean undeclared =
        space.views.stream().noneMatch(view -> view.model.labels().containsKey(alike.first()));
    return carried.stream()
        .anyMatch(label -> undeclared
            ? space.views.stream().noneMatch(view -> view.model.labels().containsKey(label))
            : alike.contains(label));
  }

  /** Texts are read together, see {@link #readTexts}. */
  private static int value(Space space, Typed attribute, int variable, AccessRequest request) {
    int idle = space.variables.get(variable).idle();
    Object value = content(attribute.name(), request).orElse("");
    return switch (attribute.type()) {
      case INTEGER -> value instanceof Long number ? space.numberClass(attribute, number) : idle;
      case FLAG -> value instanceof Boolean flag ? one(flag) : idle;
      case TEXT, TEXTS -> idle;
    };
  }

  private static Optional<Object> content(AttributeName name, AccessRequest request) {
    return switch (name.side()) {
      case ACTOR -> request.actor().attributes().value(name.name());
      case RECORD -> request.attributes().value(name.name());
      case CONTEXT ->
        Texts.isRecipient(new Typed(name, AttributeType.TEXT))
            ? request.recipient().map(recipient -> (Object) recipient.label())
            : request.context().value(name.name());
    };
  }

  private static void readTexts(Space space, Texts texts, AccessRequest request, int[] values) {
    Map<Typed, String> single = new HashMap<>();
    Map<Typed, Set<String>> sets = new HashMap<>();
    for (Typed attribute : texts.single) {
      content(attribute.name(), request).ifPresent(value -> {
        if (value instanceof String text) {
          single.put(attribute, text);
        }
      });
    }
    for (Typed attribute : texts.sets) {
      content(attribute.name(), request).ifPresent(value -> {
        if (value instanceof Set<?> set) {
          Set<String> strings = new TreeSet<>();
          set.forEach(text -> strings.add((String) text));
          sets.put(attribute, strings);
        }
      });
    }
    Map<String, String> standIns = texts.standIns(single, sets);
    single.forEach((attribute, text) -> {
      int variable = space.variable(new Space.Key(Space.Kind.VALUE, attribute));
      values[variable] =
          space.variables.get(variable).find(Optional.ofNullable(standIns.get(text)));
    });
    sets.forEach((attribute, set) -> {
      values[space.variable(new Space.Key(Space.Kind.VALUE, attribute))] = 0;
      standIns.forEach((text, standIn) -> {
        if (set.contains(text)) {
          values[space.variable(new Space.Key(Space.Kind.HAS, List.of(attribute, standIn)))] = 1;
        }
      });
    });
  }

  /**
   * A request that the values stand for. It states a reason and has the approval of somebody in every
   * group, so that nothing is missing but what the values say.
   */
  static AccessRequest write(Space space, int[] chosen, RecordType type, Use use) {
    int[] values = chosen.clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = values[i] < 0 ? space.variables.get(i).idle() : values[i];
    }
    Writer writer = new Writer(space, values);
    space.index().forEach(writer::take);
    Instant at = writer.at.orElse(Times.START);
    Actor actor =
        Actor.authenticated(ACTOR, writer.groups, writer.assurance, at).with(writer.actor);
    AccessRequest.Builder builder = AccessRequest.builder(actor, use.action(), type, use.purpose())
        .patient(PatientId.of("witness"))
        .session(SESSION)
        .reason("witness")
        .approver(approver(allGroups(space.views), at))
        .attributes(writer.record)
        .context(writer.context)
        .relations((name, who, patient) -> answer(writer.relations, name))
        .predicates((name, request) -> answer(writer.predicates, name));
    writer.at.ifPresent(builder::at);
    if (writer.labelsKnown) {
      builder.labels(writer.labels);
    }
    writer.recipient.ifPresent(builder::recipient);
    if (writer.ticket) {
      builder.ticket(
          BreakGlassTicket.forSession("witness", ACTOR, SESSION, at, at.plus(Duration.ofHours(1))));
    }
    return builder.build();
  }

  /** A second person in these groups. */
  static Actor approver(Set<Group> groups, Instant at) {
    return Actor.authenticated(APPROVER, groups, Assurance.AAL3, at);
  }

  static Set<Group> allGroups(List<PolicyView> views) {
    Set<Group> all = new HashSet<>();
    views.forEach(view -> all.addAll(view.model.groups().keySet()));
    return all;
  }

  private static boolean answer(Map<String, Truth> answers, String name) {
    Truth truth = answers.getOrDefault(name, Truth.FALSE);
    if (truth == Truth.UNKNOWN) {
      throw new IllegalStateException("not known");
    }
    return truth == Truth.TRUE;
  }

  /** Collects what a request is made of. */
  private static final class Writer {
    private final Space space;
    private final int[] values;
    private final Set<Group> groups = new TreeSet<>();
    private final Set<String> labels = new TreeSet<>();
    private final Map<String, Truth> relations = new HashMap<>();
    private final Map<String, Truth> predicates = new HashMap<>();
    private Attributes actor = Attributes.none();
    private Attributes record = Attributes.none();
    private Attributes context = Attributes.none();
    private Optional<Recipient> recipient = Optional.empty();
    private Optional<Instant> at = Optional.empty();
    private Assurance assurance = Assurance.AAL1;
    private boolean labelsKnown = true;
    private boolean ticket;

    private Writer(Space space, int[] values) {
      this.space = space;
      this.values = values;
    }

    private void take(Space.Key key, int variable) {
      Optional<Object> content =
          space.variables.get(variable).values().get(values[variable]).content();
      boolean on = values[variable] == 1;
      switch (key.kind()) {
        case VALUE -> content.ifPresent(value -> attribute((Typed) key.of(), value));
        case WHEN -> at = content.map(Instant.class::cast);
        case TICKET -> ticket = on;
        case LABELS -> labelsKnown = !on;
        case LABEL -> {
          if (on) {
            labels.add(space.labelClasses.get((Integer) key.of()).first());
          }
        }
        case RELATION -> relations.put((String) key.of(), (Truth) content.orElseThrow());
        case PREDICATE -> predicates.put((String) key.of(), (Truth) content.orElseThrow());
        case ASSURANCE -> assurance = (Assurance) content.orElseThrow();
        case GROUP -> {
          if (on) {
            groups.add(space.groupClasses.get((Integer) key.of()).first());
          }
        }
        case HAS -> {
          // Read with the set that it belongs to.
        }
      }
    }

    private void attribute(Typed attribute, Object value) {
      AttributeName name = attribute.name();
      if (Texts.isRecipient(attribute)) {
        recipient = Recipient.find((String) value);
        return;
      }
      switch (name.side()) {
        case ACTOR -> actor = with(actor, attribute, value);
        case RECORD -> record = with(record, attribute, value);
        case CONTEXT -> context = with(context, attribute, value);
      }
    }

    private Attributes with(Attributes to, Typed attribute, Object value) {
      String name = attribute.name().name();
      return switch (attribute.type()) {
        case TEXT -> to.with(name, (String) value);
        case INTEGER -> to.with(name, (Long) value);
        case FLAG -> to.with(name, (Boolean) value);
        case TEXTS -> to.with(name, texts(attribute));
      };
    }

    private Set<String> texts(Typed attribute) {
      List<String> has = new ArrayList<>();
      space.index().forEach((key, variable) -> {
        if (key.kind() == Space.Kind.HAS
            && key.of() instanceof List<?> of
            && of.get(0).equals(attribute)
            && values[variable] == 1) {
          has.add((String) of.get(1));
        }
      });
      return new TreeSet<>(has);
    }
  }
}
