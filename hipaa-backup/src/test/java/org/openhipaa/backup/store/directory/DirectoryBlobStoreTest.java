package org.openhipaa.backup.store.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openhipaa.backup.store.BlobStore;
import org.openhipaa.backup.store.BlobStoreContract;
import org.openhipaa.backup.store.StoreFailedException;
import org.openhipaa.backup.store.StoredBlob;

class DirectoryBlobStoreTest extends BlobStoreContract {
  @TempDir
  Path temp;

  @Override
  protected BlobStore empty() {
    return store();
  }

  private DirectoryBlobStore store() {
    return new DirectoryBlobStore(temp.resolve("deep/er/repository"));
  }

  private Path root() {
    return temp.resolve("deep/er/repository");
  }

  @Test
  void readingFromNowhere_makesNothing() {
    DirectoryBlobStore store = store();

    assertThat(list(store)).isEmpty();
    assertThat(store.read("config", 10)).isEmpty();
    assertThat(store.replace("head", bytes("a"), bytes("b"))).isFalse();
    store.removeLeftovers();

    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void objects_areForTheirOwnerOnly() throws IOException {
    store().create("chunks/ab/abcd", bytes("x"));

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root())))
        .isEqualTo("rwx------");
    assertThat(PosixFilePermissions.toString(
            Files.getPosixFilePermissions(root().resolve("chunks/ab/abcd"))))
        .isEqualTo("rw-------");
  }

  @Test
  void foreignFiles_areListedButWorkingFilesAreNot() throws IOException {
    DirectoryBlobStore store = store();
    store.create("head", bytes("1"));
    store.replace("head", bytes("1"), bytes("2"));
    Files.writeString(root().resolve(".4711.tmp"), "left by a crash");
    Files.writeString(root().resolve("Notes for Me.txt"), "planted");
    Files.createSymbolicLink(root().resolve("link"), temp);

    List<StoredBlob> listed = list(store);

    assertThat(root().resolve(".lock")).exists();
    assertThat(listed)
        .containsExactlyInAnyOrder(
            new StoredBlob("head", 1),
            new StoredBlob("Notes for Me.txt", 7),
            new StoredBlob("link", -1));
  }

  @Test
  void lockWithContent_isNoLockOfOurs_andListed() throws IOException {
    DirectoryBlobStore store = store();
    store.create("head", bytes("1"));
    Files.writeString(root().resolve(".lock"), "planted");

    assertThat(list(store))
        .containsExactlyInAnyOrder(new StoredBlob("head", 1), new StoredBlob(".lock", 7));
  }

  @Test
  void leftovers_areRemovedWhenNobodyCanBeWritingThem() throws IOException {
    DirectoryBlobStore store = store();
    store.create("chunks/ab/abcd", bytes("x"));
    Path old = root().resolve("chunks/ab/.12.tmp");
    Path young = root().resolve("chunks/ab/.34.tmp");
    Files.writeString(old, "old");
    Files.writeString(young, "young");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofMinutes(61))));
    Files.setLastModifiedTime(young, FileTime.from(Instant.now().minus(Duration.ofMinutes(59))));

    store.removeLeftovers();

    assertThat(old).doesNotExist();
    assertThat(young).exists();
    assertThat(store.read("chunks/ab/abcd", 10)).hasValue(bytes("x"));
  }

  @Test
  void linkInPlaceOfAnObject_isNotFollowed() throws IOException {
    DirectoryBlobStore store = store();
    store.create("config", bytes("x"));
    Path secret = Files.writeString(temp.resolve("secret"), "secret");
    Files.createSymbolicLink(root().resolve("head"), secret);

    assertThatThrownBy(() -> store.read("head", 10)).isInstanceOf(StoreFailedException.class);
    assertThatThrownBy(() -> store.size("head")).isInstanceOf(StoreFailedException.class);
    assertThat(store.replace("head", bytes("secret"), bytes("new"))).isFalse();
    assertThat(secret).hasContent("secret");
  }

  @Test
  void linkInPlaceOfAFolder_isNotWrittenThrough() throws IOException {
    DirectoryBlobStore store = store();
    store.create("config", bytes("x"));
    Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
    Files.createSymbolicLink(root().resolve("chunks"), elsewhere);

    assertThatThrownBy(() -> store.create("chunks/ab/abcd", bytes("x")))
        .isInstanceOf(StoreFailedException.class);

    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void directoryNamedThroughALink_works() throws IOException {
    Path real = Files.createDirectory(temp.resolve("real"));
    Path link = Files.createSymbolicLink(temp.resolve("link"), real);
    DirectoryBlobStore store = new DirectoryBlobStore(link);

    store.create("chunks/ab/abcd", bytes("x"));

    assertThat(list(store)).containsExactly(new StoredBlob("chunks/ab/abcd", 1));
    assertThat(real.resolve("chunks/ab/abcd")).exists();
  }

  @Test
  void fileInPlaceOfTheDirectory_isAClearFailure() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "x");
    DirectoryBlobStore store = new DirectoryBlobStore(file);

    assertThatThrownBy(() -> store.create("config", bytes("x")))
        .isInstanceOf(StoreFailedException.class)
        .hasMessageContaining("config")
        .hasMessageContaining("full or read-only");
    assertThatThrownBy(() -> list(store)).isInstanceOf(StoreFailedException.class);
    assertThat(file).hasContent("x");
  }

  private static List<StoredBlob> list(BlobStore store) {
    List<StoredBlob> blobs = new ArrayList<>();
    store.list(blobs::add);
    return blobs;
  }
}
