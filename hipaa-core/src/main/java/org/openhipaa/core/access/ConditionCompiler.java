package org.openhipaa.core.access;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.HipaaBugException;
import org.openhipaa.core.access.rules.AttributeDeclaration;
import org.openhipaa.core.access.rules.AttributeName;
import org.openhipaa.core.access.rules.AttributeType;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.access.rules.PolicyModel;

/** Turns conditions into tests. */
final class ConditionCompiler {
  private final PolicyModel model;
  private final Lookups lookups;
  private final Labels labels;

  ConditionCompiler(PolicyModel model, Lookups lookups, Labels labels) {
    this.model = model;
    this.lookups = lookups;
    this.labels = labels;
  }

  Test compile(Condition condition) {
    if (condition instanceof Condition.All all) {
      Test test = Test.all(compile(all.parts()));
      return test == null ? evaluation -> Kleene.TRUE : test;
    } else if (condition instanceof Condition.Any any) {
      return any(compile(any.parts()));
    } else if (condition instanceof Condition.Not not) {
      Test part = compile(not.part());
      return evaluation -> -part.of(evaluation);
    } else if (condition instanceof Condition.Relation relation) {
      int number = lookups.relations().indexOf(relation.name());
      return evaluation -> evaluation.relation(number);
    } else if (condition instanceof Condition.Predicate predicate) {
      int number = lookups.predicates().indexOf(predicate.name());
      return evaluation -> evaluation.predicate(number);
    } else if (condition instanceof Condition.Carries carries) {
      return evaluation -> labels.carries(carries.label(), evaluation.request);
    } else if (condition instanceof Condition.LabelsWithin within) {
      Set<String> allowed = labels.below(within.labels());
      return evaluation -> labels.within(allowed, evaluation.request);
    } else if (condition instanceof Condition.OneOf oneOf) {
      return oneOf(oneOf);
    } else if (condition instanceof Condition.Range range) {
      AttributeReader reader = AttributeReader.of(range.attribute());
      return evaluation -> reader.read(evaluation) instanceof Long number
          ? Kleene.of(range.from() <= number && number <= range.to())
          : Kleene.UNKNOWN;
    } else if (condition instanceof Condition.Flag flag) {
      AttributeReader reader = AttributeReader.of(flag.attribute());
      return evaluation ->
          reader.read(evaluation) instanceof Boolean value ? Kleene.of(value) : Kleene.UNKNOWN;
    } else if (condition instanceof Condition.Same same) {
      return same(same);
    }
    throw new HipaaBugException("a kind of condition without test: " + condition.getClass());
  }

  Test[] compile(List<Condition> conditions) {
    return conditions.stream().map(this::compile).toArray(Test[]::new);
  }

  private static Test any(Test... tests) {
    return evaluation -> {
      int truth = Kleene.FALSE;
      for (Test test : tests) {
        truth = Math.max(truth, test.of(evaluation));
        if (truth == Kleene.TRUE) {
          return truth;
        }
      }
      return truth;
    };
  }

  private Test oneOf(Condition.OneOf oneOf) {
    Set<String> values = Set.copyOf(oneOf.values());
    AttributeReader reader = AttributeReader.of(oneOf.attribute());
    if (type(oneOf.attribute()) == AttributeType.TEXT) {
      return evaluation -> reader.read(evaluation) instanceof String text
          ? Kleene.of(values.contains(text))
          : Kleene.UNKNOWN;
    }
    return evaluation -> reader.read(evaluation) instanceof Set<?> texts
        ? Kleene.of(texts.stream().anyMatch(values::contains))
        : Kleene.UNKNOWN;
  }

  private Test same(Condition.Same same) {
    AttributeType left = type(same.left());
    AttributeType right = type(same.right());
    AttributeReader readLeft = AttributeReader.of(same.left());
    AttributeReader readRight = AttributeReader.of(same.right());
    return evaluation -> {
      Set<?> one = texts(readLeft.read(evaluation), left);
      Set<?> other = texts(readRight.read(evaluation), right);
      return one == null || other == null
          ? Kleene.UNKNOWN
          : Kleene.of(one.stream().anyMatch(other::contains));
    };
  }

  private static @Nullable Set<?> texts(@Nullable Object value, AttributeType type) {
    if (type == AttributeType.TEXT) {
      return value instanceof String text ? Set.of(text) : null;
    }
    return value instanceof Set<?> texts ? texts : null;
  }

  AttributeType type(AttributeName name) {
    AttributeDeclaration declaration =
        model.attributes().getOrDefault(name, PolicyModel.BUILT_IN.get(name));
    if (declaration == null) {
      throw new HipaaBugException("a condition names the undeclared attribute " + name);
    }
    return declaration.type();
  }
}
