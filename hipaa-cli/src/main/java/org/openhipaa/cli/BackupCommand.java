package org.openhipaa.cli;

import picocli.CommandLine.Command;

/** {@code hipaa backup …}. */
@Command(
    name = "backup",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    header = "Makes, lists, verifies and restores encrypted backups of folders.",
    description = {
      "A backup goes into a repository: a folder in which everything is encrypted and signed with the",
      "keys of one tenant. Keep the key store and the wrapped keys elsewhere too; without them the",
      "repository cannot be read.",
      "",
      "  hipaa keys create --tenant clinic --key-store keys.p12 --keys wrapped-keys",
      "  hipaa backup create --repo /mnt/backup --init --source records=/var/lib/clinic/records \\",
      "      --tenant clinic --key-store keys.p12 --keys wrapped-keys",
      "  hipaa backup verify --repo /mnt/backup --tenant clinic --key-store keys.p12 --keys wrapped-keys"
    },
    subcommands = {BackupCreate.class, BackupList.class, BackupVerify.class, BackupRestore.class})
final class BackupCommand extends CommandGroup {}
