package org.openhipaa.core.access.rules;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.openhipaa.core.HipaaBugException;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.internal.CanonicalWriter;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.RecordType;

/** The canonical encoding of a policy, hashed. */
final class PolicyHash {
  private final CanonicalWriter out = new CanonicalWriter();

  private PolicyHash() {}

  static String of(PolicyModel model) {
    PolicyHash hash = new PolicyHash();
    hash.encode(model);
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(hash.out.toBytes()));
    } catch (NoSuchAlgorithmException e) {
      throw new HipaaBugException("every JDK has SHA-256", e);
    }
  }

  private void encode(PolicyModel model) {
    out.text("openhipaa/policy/v1").text(model.name()).text(model.zone().getId());
    map(model.groups(), Group::value, Group::value);
    out.u32(model.separate().size());
    model.separate().forEach(s -> out.text(s.one().value()).text(s.other().value()));
    texts(model.relations().stream());
    map(model.predicates(), Function.identity(), Function.identity());
    map(model.labels(), Function.identity(), Function.identity());
    out.u32(model.attributes().size());
    model.attributes().forEach((name, declaration) -> {
      out.text(name.text()).text(declaration.type().label());
      texts(declaration.values().stream());
    });
    map(model.types(), RecordType::value, FieldPath::value);
    out.u32(model.rules().size());
    model.rules().forEach(this::encode);
  }

  private void encode(Rule rule) {
    out.text(rule.id()).text(rule.effect().name());
    texts(rule.groups().stream().map(Group::value));
    texts(names(rule.actions()));
    texts(rule.types().stream().map(RecordType::value));
    texts(names(rule.purposes()));
    encode(rule.condition());
    out.text(rule.assurance().name());
    out.u32(rule.breakGlass() ? 1 : 0);
    out.u32(rule.fields().size());
    rule.fields().forEach((field, mask) -> out.text(field.value()).text(mask.name()));
    encode(rule.obligations());
  }

  private void encode(Rule.Obligations obligations) {
    out.u32(obligations.quotas().size());
    for (QuotaLimit quota : obligations.quotas()) {
      out.text(quota.measure().label()).text(quota.scope().label());
      out.text(Long.toString(quota.hard()));
      out.text(quota.soft().isPresent() ? Long.toString(quota.soft().getAsLong()) : "");
      out.text(Long.toString(quota.window().toMillis()));
      texts(quota.labels().stream());
    }
    out.text(
        obligations.timeToLive().map(Duration::toMillis).map(String::valueOf).orElse(""));
    texts(obligations.approvers().stream().map(Group::value));
    out.u32(obligations.reasonRequired() ? 1 : 0);
    texts(obligations.notified().stream().map(Group::value));
    out.text(obligations.watermark().orElse(""));
  }

  private void encode(Condition condition) {
    if (condition instanceof Condition.All all) {
      out.text("all");
      parts(all.parts());
    } else if (condition instanceof Condition.Any any) {
      out.text("any");
      parts(any.parts());
    } else if (condition instanceof Condition.Not not) {
      out.text("not");
      encode(not.part());
    } else if (condition instanceof Condition.Relation relation) {
      out.text("relation").text(relation.name());
    } else if (condition instanceof Condition.Predicate predicate) {
      out.text("predicate").text(predicate.name());
    } else if (condition instanceof Condition.Carries carries) {
      out.text("label").text(carries.label());
    } else if (condition instanceof Condition.LabelsWithin within) {
      out.text("labels-within");
      texts(within.labels().stream());
    } else if (condition instanceof Condition.OneOf oneOf) {
      out.text("in").text(oneOf.attribute().text());
      texts(oneOf.values().stream());
    } else if (condition instanceof Condition.Range range) {
      out.text("range").text(range.attribute().text());
      out.text(Long.toString(range.from())).text(Long.toString(range.to()));
    } else if (condition instanceof Condition.Flag flag) {
      out.text("flag").text(flag.attribute().text());
    } else if (condition instanceof Condition.Same same) {
      out.text("same").text(same.left().text()).text(same.right().text());
    } else {
      throw new HipaaBugException("a kind of condition without encoding: " + condition.getClass());
    }
  }

  /** Sorted by their encodings, since their order makes no difference. */
  private void parts(List<Condition> parts) {
    out.u32(parts.size());
    parts.stream()
        .map(part -> {
          PolicyHash hash = new PolicyHash();
          hash.encode(part);
          return hash.out.toBytes();
        })
        .sorted(Arrays::compareUnsigned)
        .forEach(out::raw);
  }

  private static Stream<String> names(Collection<? extends Enum<?>> values) {
    return values.stream().map(Enum::name).sorted();
  }

  private <K, V> void map(
      SortedMap<K, SortedSet<V>> map, Function<K, String> key, Function<V, String> value) {
    out.u32(map.size());
    map.forEach((k, values) -> {
      out.text(key.apply(k));
      texts(values.stream().map(value));
    });
  }

  private void texts(Stream<String> values) {
    List<String> list = values.toList();
    out.u32(list.size());
    list.forEach(out::text);
  }
}
