package org.openhipaa.backup.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openhipaa.backup.Fixture;
import org.openhipaa.backup.Progress;
import org.openhipaa.backup.format.StoredObjects;
import org.openhipaa.backup.repository.RepositoryNotOpenedException.Reason;
import org.openhipaa.backup.restore.RestoreFailedException;
import org.openhipaa.backup.source.FileTreeSource;
import org.openhipaa.backup.source.SourceNotReadableException;
import org.openhipaa.backup.store.FailingBlobStore;
import org.openhipaa.backup.store.InMemoryBlobStore;
import org.openhipaa.backup.store.StoreFailedException;
import org.openhipaa.backup.store.directory.DirectoryBlobStore;
import org.openhipaa.backup.verify.Verifier;
import org.openhipaa.backup.verify.VerifyResult.Damaged;
import org.openhipaa.backup.verify.VerifyResult.Intact;
import org.openhipaa.core.audit.AuditAction;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.AuditNotRecordedException;
import org.openhipaa.core.audit.Outcome;
import org.openhipaa.core.crypto.SigningKey;
import org.openhipaa.core.internal.CanonicalWriter;

/**
 * Bad input of every sort is a clear error that changes nothing; what was done stands in the audit
 * log.
 */
class KeysAndVersionsTest {
  @TempDir
  Path temp;

  private final InMemoryBlobStore store = new InMemoryBlobStore();
  private final Fixture fixture = new Fixture(store, Fixture.keyring("clinic-a", 1));
  private FileTreeSource records;

  @BeforeEach
  void begin() {
    Fixture.write(temp.resolve("records/smith/john"), "sealed");
    records = FileTreeSource.of("records", temp.resolve("records"));
  }

  private void eachVerb(Fixture by, Reason reason) {
    for (ThrowingCallable verb : List.<ThrowingCallable>of(
        by::open,
        by::verify,
        () -> by.backup(records),
        () -> by.restore(1, temp.resolve("target")))) {
      assertThatThrownBy(verb)
          .isInstanceOfSatisfying(
              RepositoryNotOpenedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
    assertThat(temp.resolve("target")).doesNotExist();
    assertThat(by.alarms).isEmpty();
  }

  @Test
  void missingRepository_isAClearAnswer() {
    eachVerb(fixture, Reason.MISSING);
    assertThat(store.content()).isEmpty();

    Fixture onDisk = fixture.over(new DirectoryBlobStore(temp.resolve("nowhere")));
    eachVerb(onDisk, Reason.MISSING);
    assertThat(temp.resolve("nowhere")).doesNotExist();

    Fixture elsewhere = fixture.over(new DirectoryBlobStore(temp.resolve("records")));
    eachVerb(elsewhere, Reason.MISSING);
    assertThatThrownBy(elsewhere::create)
        .isInstanceOfSatisfying(
            RepositoryNotOpenedException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.EXISTS))
        .hasMessageContaining("not empty");
  }

  @Test
  void otherKey_isAClearAnswerAndNothingChanges() {
    fixture.create();
    fixture.backup(records);
    var before = store.content();

    eachVerb(new Fixture(store, Fixture.keyring("clinic-a", 2)), Reason.WRONG_KEY);
    eachVerb(new Fixture(store, Fixture.keyring("clinic-b", 3)), Reason.WRONG_KEY);

    assertThat(store.content()).usingRecursiveComparison().isEqualTo(before);
    assertThat(fixture.verify()).isInstanceOf(Intact.class);
  }

  @Test
  void configOfAnotherKeyAlone_isDamageNotAMistake() {
    fixture.create();
    fixture.backup(records);
    InMemoryBlobStore foreign = new InMemoryBlobStore();
    new Fixture(foreign, Fixture.keyring("clinic-a", 2)).create();

    store.tamper("config", foreign.content().get("config"));

    assertThat(fixture.verify()).isInstanceOf(Damaged.class);
    assertThat(fixture.alarms).hasSize(1);
  }

  @Test
  void newerVersion_isAClearAnswerAndNoAlarm() {
    fixture.create();
    fixture.backup(records);
    SigningKey key = StoredObjects.signingKey(fixture.keyring);
    for (String name : List.of("config", "head", "snapshots/0000000001")) {
      byte[] original = store.content().get(name);
      byte[] message = Arrays.copyOf(original, original.length - 64);
      message[9] = 2;
      store.tamper(
          name, new CanonicalWriter().raw(message).raw(key.sign(message)).toBytes());

      Fixture by = fixture.over(store);
      assertThatThrownBy(by::verify)
          .isInstanceOfSatisfying(
              RepositoryNotOpenedException.class,
              e -> assertThat(e.reason()).isEqualTo(Reason.NEWER_VERSION))
          .hasMessageContaining(name)
          .hasMessageContaining("version 2")
          .hasMessageContaining("newer release");
      assertThatThrownBy(() -> by.backup(records)).isInstanceOf(RepositoryNotOpenedException.class);
      assertThatThrownBy(() -> by.restore(1, temp.resolve("target")))
          .isInstanceOf(RepositoryNotOpenedException.class);
      assertThat(by.alarms).isEmpty();

      // The same without the signature is only a flipped byte.
      byte[] flipped = original.clone();
      flipped[9] = 2;
      store.tamper(name, flipped);
      assertThat(fixture.verify()).isInstanceOf(Damaged.class);
      store.tamper(name, original);
    }
  }

  @Test
  void existingRepository_isNotMadeAgain() {
    fixture.create();
    fixture.backup(records);
    var before = store.content();

    assertThatThrownBy(fixture::create)
        .isInstanceOfSatisfying(
            RepositoryNotOpenedException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.EXISTS));

    store.remove("head");
    assertThatThrownBy(fixture::create).isInstanceOf(RepositoryNotOpenedException.class);
    store.tamper("head", before.get("head"));
    assertThat(store.content()).usingRecursiveComparison().isEqualTo(before);
  }

  @Test
  void damagedRepository_isNotBackedUpInto() {
    fixture.create();
    fixture.backup(records);
    String chunk = store.content().keySet().stream()
        .filter(n -> n.startsWith("chunks/"))
        .findFirst()
        .get();
    for (String name : List.of("config", "head", "snapshots/0000000001", chunk)) {
      byte[] original = store.content().get(name);
      Fixture by = fixture.over(store);
      for (Consumer<InMemoryBlobStore> damage : List.<Consumer<InMemoryBlobStore>>of(
          s -> s.remove(name), s -> s.tamper(name, Arrays.copyOf(original, 50)))) {
        by.alarms.clear();
        damage.accept(store);
        var before = store.content();

        assertThatThrownBy(() -> by.backup(records))
            .as(name)
            .isInstanceOfSatisfying(
                BackupFailedException.class,
                e -> assertThat(e.reason())
                    .isEqualTo(BackupFailedException.Reason.REPOSITORY_DAMAGED))
            .hasMessageContaining(name);

        assertThat(by.alarms).hasSize(1);
        assertThat(store.content()).usingRecursiveComparison().isEqualTo(before);
        store.tamper(name, original);
      }
    }
    fixture.backup(records);
    assertThat(fixture.verify()).isInstanceOf(Intact.class);
  }

  @Test
  void unusableSource_failsTheBackupAndLeavesTheSnapshotsAlone() {
    fixture.create();
    fixture.backup(records);

    assertThatThrownBy(
            () -> fixture.backup(records, FileTreeSource.of("keys", temp.resolve("missing"))))
        .isInstanceOf(SourceNotReadableException.class);
    assertThatThrownBy(() -> fixture.backup(records, records))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("two sources are named records");
    assertThatThrownBy(fixture::backup).isInstanceOf(IllegalArgumentException.class);

    assertThat(fixture.open().snapshots()).hasSize(1);
    assertThat(fixture.verify()).isInstanceOf(Intact.class);
  }

  @Test
  void everyVerb_isAuditedWithoutPaths() {
    fixture.create();
    String digest = fixture.backup(records).snapshot().digest();
    fixture.verify();
    fixture.restore(1, temp.resolve("target"));

    assertThat(fixture.audited)
        .extracting(AuditEvent::action)
        .containsExactly(AuditAction.BACKUP, AuditAction.VERIFY, AuditAction.RESTORE);
    assertThat(fixture.audited).allSatisfy(event -> {
      assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
      assertThat(event.actor()).isEqualTo(Fixture.OPERATOR);
      assertThat(event.detail())
          .contains("repository=" + fixture.open().id())
          .contains("snapshot=1")
          .contains("digest=" + digest)
          .doesNotContain("smith", temp.toString());
    });
  }

  @Test
  void everyFailure_isAuditedWithItsReason() {
    fixture.create();
    fixture.backup(records);
    fixture.audited.clear();

    assertThatThrownBy(() -> fixture.backup(FileTreeSource.of("x", temp.resolve("smith-missing"))))
        .isInstanceOf(SourceNotReadableException.class);
    assertThatThrownBy(() -> fixture.restore(9, temp.resolve("target")))
        .isInstanceOf(RestoreFailedException.class);
    store.remove("config");
    fixture.verify();

    assertThat(fixture.audited).extracting(AuditEvent::outcome).containsOnly(Outcome.FAILED);
    assertThat(fixture.audited)
        .extracting(AuditEvent::reason)
        .containsExactly("source-not-readable", "restore-failed", "damaged");
    assertThat(fixture.audited)
        .allSatisfy(event -> assertThat(event.detail()).doesNotContain("smith"));
  }

  @Test
  void failingAudit_failsEveryVerb() {
    fixture.create();
    fixture.backup(records);
    fixture.auditFails = true;

    assertThatThrownBy(() -> fixture.backup(records)).isInstanceOf(AuditNotRecordedException.class);
    assertThatThrownBy(fixture::verify).isInstanceOf(AuditNotRecordedException.class);
    assertThatThrownBy(() -> fixture.restore(1, temp.resolve("target")))
        .isInstanceOf(AuditNotRecordedException.class);
    assertThat(temp.resolve("target")).doesNotExist();
    assertThat(temp.toFile().list()).containsExactly("records");

    store.remove("config");
    assertThatThrownBy(fixture::verify).isInstanceOf(AuditNotRecordedException.class);
    assertThat(fixture.alarms).as("the alarm comes before the audit entry").hasSize(1);
  }

  @Test
  void failureThatCannotBeAuditedEither_isStillThatFailure() {
    fixture.create();
    fixture.auditFails = true;

    assertThatThrownBy(() -> fixture.backup(FileTreeSource.of("x", temp.resolve("missing"))))
        .isInstanceOf(SourceNotReadableException.class)
        .satisfies(
            e -> assertThat(e.getSuppressed()[0]).isInstanceOf(AuditNotRecordedException.class));
  }

  @Test
  void alarmSinkThatThrows_hidesNothing() {
    fixture.create();
    store.remove("head");

    assertThat(Verifier.withKeyring(
                store,
                fixture.keyring,
                fixture::record,
                alarm -> {
                  throw new IllegalStateException("the pager is broken");
                },
                Fixture.CLOCK)
            .verify(Fixture.OPERATOR, Progress.NONE))
        .isInstanceOf(Damaged.class);
  }

  @Test
  void fullDisk_isAClearFailure() {
    fixture.create();
    Fixture full = fixture.over(new FailingBlobStore(store, 7, false));

    assertThatThrownBy(() -> full.backup(records)).isInstanceOf(StoreFailedException.class);

    assertThat(full.audited.get(0).reason()).isEqualTo("store-failed");
    assertThat(fixture.verify()).isInstanceOf(Intact.class);
  }
}
