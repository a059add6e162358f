package org.openhipaa.core.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.stream.Stream;
import org.openhipaa.core.HipaaBugException;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.internal.CanonicalWriter;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.RecordType;

/**
 * What a policy says, however it was written: files and builders give equal models with equal
 * hashes.
 */
record PolicyModel(
    String name,
    SortedSet<Group> groups,
    SortedSet<String> relations,
    SortedMap<RecordType, SortedSet<FieldPath>> types,
    List<Rule> rules) {

  /**
   * SHA-256 over the canonical encoding: equal if and only if the policies say the same in the same
   * order.
   */
  String hash() {
    CanonicalWriter out = new CanonicalWriter().text("openhipaa/policy/v1").text(name);
    texts(out, groups.stream().map(Group::value));
    texts(out, relations.stream());
    out.u32(types.size());
    types.forEach((type, fields) -> {
      out.text(type.value());
      texts(out, fields.stream().map(FieldPath::value));
    });
    out.u32(rules.size());
    rules.forEach(rule -> encode(out, rule));
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(out.toBytes()));
    } catch (NoSuchAlgorithmException e) {
      throw new HipaaBugException("every JDK has SHA-256", e);
    }
  }

  private static void encode(CanonicalWriter out, Rule rule) {
    out.text(rule.id()).text(rule.effect().name());
    texts(out, rule.groups().stream().map(Group::value).sorted());
    texts(out, names(rule.actions()));
    out.text(rule.type().value());
    texts(out, names(rule.purposes()));
    texts(out, rule.relations().stream());
    out.text(rule.assurance().name());
    out.u32(rule.fields().size());
    rule.fields().forEach((field, mask) -> out.text(field.value()).text(mask.name()));
    out.text(rule.quota()
        .map(q -> q.patients() + " in " + q.window().toMillis() + " ms")
        .orElse(""));
  }

  private static Stream<String> names(Collection<? extends Enum<?>> values) {
    return values.stream().map(Enum::name).sorted();
  }

  private static void texts(CanonicalWriter out, Stream<String> values) {
    List<String> list = values.toList();
    out.u32(list.size());
    list.forEach(value -> out.bytes(value.getBytes(StandardCharsets.UTF_8)));
  }
}
