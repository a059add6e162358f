package org.openhipaa.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The tool itself: knows its commands, prints errors as one line, and turns results into exit codes. */
@Command(
    name = "hipaa",
    mixinStandardHelpOptions = true,
    versionProvider = Hipaa.Version.class,
    subcommands = {AuditCommand.class, BackupCommand.class, KeysCommand.class, PolicyCommand.class},
    synopsisSubcommandLabel = "COMMAND",
    header = "Checks and keeps safe what openhipaa stores: audit logs, backups, keys, policies.",
    description = {
      "",
      "Start with one of these:",
      "  hipaa audit verify DIR      Is this audit log whole?",
      "  hipaa backup verify ...     Is this backup what was backed up?",
      "  hipaa policy check FILE     Is this policy understood, and what does it say?",
      "",
      "Add --help to any command."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Done, and what was checked is good.",
      "1:What was checked is not good: something was altered, or the policy is refused.",
      "2:The command was not understood.",
      "3:It could not be done: a file or key is missing, a password is wrong, a disk is full."
    })
final class Hipaa implements Runnable {
  static final int GOOD = 0;
  static final int NOT_GOOD = 1;
  static final int USAGE = 2;
  static final int NOT_DONE = 3;

  @Spec
  private CommandSpec spec;

  Hipaa() {
    // Picocli sets the annotated field before anything runs.
    this.spec = CommandSpec.create();
  }

  /**
   * Runs the tool.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(out, err, args));
  }

  static int run(PrintWriter out, PrintWriter err, String... args) {
    int code = new CommandLine(new Hipaa())
        .setOut(out)
        .setErr(err)
        .setParameterExceptionHandler(Hipaa::misunderstood)
        .setExecutionExceptionHandler((e, line, parsed) -> Failures.report(e, line))
        .execute(args);
    out.flush();
    err.flush();
    return code;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private static int misunderstood(ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    line.getErr()
        .println("hipaa: " + Failures.oneLine(e) + "; see '"
            + line.getCommandSpec().qualifiedName() + " --help'");
    return USAGE;
  }

  /** Takes the version from the jar's manifest. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Hipaa.class.getPackage().getImplementationVersion();
      return new String[] {"hipaa " + (version == null ? "(development)" : version)};
    }
  }
}
