package org.openhipaa.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that only has commands below it: called alone it shows its help. */
abstract class CommandGroup implements Runnable {
  @Spec
  private CommandSpec spec;

  CommandGroup() {
    // Picocli sets the annotated field before anything runs.
    this.spec = CommandSpec.create();
  }

  @Override
  public final void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
