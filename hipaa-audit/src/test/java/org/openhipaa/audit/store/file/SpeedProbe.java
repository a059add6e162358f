package org.openhipaa.audit.store.file;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.openhipaa.audit.Fixtures;

final class SpeedProbe {
  public static void main(String[] args) throws Exception {
    Path dir = Files.createTempDirectory(Path.of(args[0]), "probe");
    int threads = Integer.parseInt(args[1]);
    int each = Integer.parseInt(args[2]);
    Fixtures.Keys keys = new Fixtures.Keys(1);
    keys.keyring.patientSealer(Fixtures.PATIENT);
    Fixtures.Alarms alarms = new Fixtures.Alarms();
    Path log = dir.resolve("log");
    for (int round = 0; round < 3; round++) {
      FileAuditLog.Builder b = FileAuditLog.builder(log, keys.keyring, alarms, Fixtures.CLOCK, new java.security.SecureRandom());
      try (FileAuditLog l = round == 0 ? b.create() : b.open()) {
        List<Thread> ts = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
          ts.add(new Thread(() -> { for (int i = 0; i < each; i++) l.record(Fixtures.fullEvent()); }));
        }
        long start = System.nanoTime();
        ts.forEach(Thread::start);
        for (Thread t : ts) t.join();
        double s = (System.nanoTime() - start) / 1e9;
        System.out.printf("%d threads: %.0f entries/s%n", threads, threads * each / s);
      }
    }
    for (int i = 0; i < 3; i++) {
      long start = System.nanoTime();
      var intact = Logs.intact(log);
      double s = (System.nanoTime() - start) / 1e9;
      long bytes = 0;
      for (Path p : Logs.files(log)) bytes += Files.size(p);
      System.out.printf("verify %d entries %.1f MB: %.3f s, %.0f MB/s, %.0f entries/s%n", intact.size(), bytes / 1e6, s, bytes / 1e6 / s, intact.size() / s);
    }
    var md = java.security.MessageDigest.getInstance("SHA-256");
    byte[] mb = new byte[1 << 20];
    for (int i = 0; i < 3; i++) {
      long start = System.nanoTime();
      for (int j = 0; j < 500; j++) md.update(mb);
      md.digest();
      System.out.printf("sha %.0f MB/s%n", 500 * 1.048576 / ((System.nanoTime() - start) / 1e9));
    }
    Logs.delete(log); Files.delete(dir);
  }
}
