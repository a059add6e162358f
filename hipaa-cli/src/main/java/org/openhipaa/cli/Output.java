package org.openhipaa.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.Map;
import org.openhipaa.core.HipaaBugException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Results for people or, with {@code --json}, for machines: one object on one line. */
final class Output {
  private static final ObjectMapper JSON =
      new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, false);

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(names = "--json", description = "Print one line of JSON for machines.")
  private boolean json;

  Output() {
    // Picocli sets the annotated field before anything runs.
    this.spec = CommandSpec.create();
  }

  void result(String text, Map<String, ?> machine) {
    if (!json) {
      spec.commandLine().getOut().println(text);
      return;
    }
    try {
      spec.commandLine().getOut().println(JSON.writeValueAsString(machine));
    } catch (JsonProcessingException e) {
      throw new HipaaBugException("results are plain values", e);
    }
  }

  /** A line beside the result, on the error stream. */
  void note(String text) {
    spec.commandLine().getErr().println(text);
  }

  /** Prints percents on the error stream, if a person watches. */
  ProgressLine progress(String what) {
    return new ProgressLine(spec.commandLine().getErr(), what, Terminal.present() && !json);
  }
}
