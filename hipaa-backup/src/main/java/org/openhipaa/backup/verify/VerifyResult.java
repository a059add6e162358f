package org.openhipaa.backup.verify;

import java.util.List;
import java.util.function.Function;

/** What a verification found: everything is as it was written, or what is not. */
public sealed interface VerifyResult permits VerifyResult.Intact, VerifyResult.Damaged {
  /**
   * Answers both cases.
   *
   * @param intact what to do if everything is as it was written
   * @param damaged what to do otherwise
   * @param <T> the answer's type
   * @return the answer
   */
  <T> T fold(
      Function<? super Intact, ? extends T> intact, Function<? super Damaged, ? extends T> damaged);

  /**
   * Everything is as it was written.
   *
   * @param repositoryId which repository
   * @param sequence the newest committed snapshot, 0 if there is none
   * @param digest its digest, 64 hexadecimal digits; zeros if there is none
   * @param counts how much was looked at
   * @param contentProven true if every chunk was opened and every file proven; false without keys,
   *     where only sealed bytes and signatures were
   * @param interrupted true if a backup was interrupted before it was committed; its snapshot was
   *     verified too, if it was stored, and the next backup completes it
   */
  record Intact(
      String repositoryId,
      long sequence,
      String digest,
      VerifyCounts counts,
      boolean contentProven,
      boolean interrupted)
      implements VerifyResult {
    @Override
    public <T> T fold(
        Function<? super Intact, ? extends T> intact,
        Function<? super Damaged, ? extends T> damaged) {
      return intact.apply(this);
    }
  }

  /**
   * Something is not as it was written. An integrity alarm was raised. Immutable and thread-safe.
   */
  final class Damaged implements VerifyResult {
    private final String repositoryId;
    private final VerifyCounts counts;
    private final List<Finding> findings;
    private final long findingCount;

    Damaged(String repositoryId, VerifyCounts counts, List<Finding> findings, long findingCount) {
      this.repositoryId = repositoryId;
      this.counts = counts;
      this.findings = List.copyOf(findings);
      this.findingCount = findingCount;
    }

    /**
     * Which repository.
     *
     * @return its id, or {@code unknown} if nothing tells
     */
    public String repositoryId() {
      return repositoryId;
    }

    /**
     * How much was looked at.
     *
     * @return the counts
     */
    public VerifyCounts counts() {
      return counts;
    }

    /**
     * What is wrong.
     *
     * @return at least one and at most 1,000 findings, in order of the objects' names
     */
    public List<Finding> findings() {
      return findings;
    }

    /**
     * How many findings there were in all.
     *
     * @return at least as many as {@link #findings} holds
     */
    public long findingCount() {
      return findingCount;
    }

    @Override
    public <T> T fold(
        Function<? super Intact, ? extends T> intact,
        Function<? super Damaged, ? extends T> damaged) {
      return damaged.apply(this);
    }

    /** Prints the findings, no paths. */
    @Override
    public String toString() {
      return "Damaged(" + repositoryId + ", " + findingCount + " findings: " + findings + ")";
    }
  }
}
