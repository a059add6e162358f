package org.openhipaa.core.access;

import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.rules.AttributeName;
import org.openhipaa.core.access.rules.PolicyModel;
import org.openhipaa.core.actor.Recipient;

/** Gets the value of one attribute, or null if it is not known. */
@FunctionalInterface
interface AttributeReader {
  @Nullable
  Object read(Evaluation evaluation);

  static AttributeReader of(AttributeName attribute) {
    String name = attribute.name();
    if (attribute.equals(PolicyModel.HOUR)) {
      return Evaluation::hour;
    } else if (attribute.equals(PolicyModel.WEEKDAY)) {
      return Evaluation::weekday;
    } else if (attribute.equals(PolicyModel.RECIPIENT)) {
      return evaluation -> evaluation.request.recipient().map(Recipient::label).orElse(null);
    }
    return switch (attribute.side()) {
      case ACTOR ->
        evaluation -> evaluation.request.actor().attributes().value(name).orElse(null);
      case RECORD -> evaluation -> evaluation.request.attributes().value(name).orElse(null);
      case CONTEXT -> evaluation -> evaluation.request.context().value(name).orElse(null);
    };
  }
}
