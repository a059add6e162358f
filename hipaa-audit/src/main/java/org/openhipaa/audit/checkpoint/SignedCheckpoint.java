package org.openhipaa.audit.checkpoint;

import org.openhipaa.core.crypto.SigningKey;

/**
 * A checkpoint as a signed note (C2SP tlog-checkpoint). Believe it only after {@link #isSignedBy}. Immutable and
 * thread-safe.
 */
public final class SignedCheckpoint {
  private final Checkpoint checkpoint;
  private final SignedNote note;

  private SignedCheckpoint(Checkpoint checkpoint, SignedNote note) {
    this.checkpoint = checkpoint;
    this.note = note;
  }

  /**
   * Signs a checkpoint under the name of its log.
   *
   * @param checkpoint the checkpoint
   * @param key the log's key
   * @return the signed checkpoint
   */
  public static SignedCheckpoint sign(Checkpoint checkpoint, SigningKey key) {
    return new SignedCheckpoint(
        checkpoint, SignedNote.sign(checkpoint.text(), checkpoint.origin().value(), key));
  }

  /**
   * Reads a signed checkpoint. Signatures are read but not verified.
   *
   * @param bytes the note
   * @return the signed checkpoint
   * @throws NoteNotParsedException if the bytes are no checkpoint in its canonical form
   */
  public static SignedCheckpoint parse(byte[] bytes) {
    SignedNote note = SignedNote.parse(bytes);
    return new SignedCheckpoint(Checkpoint.parse(note.text()), note);
  }

  /**
   * What was signed. Not to be used before the signature was verified.
   *
   * @return the checkpoint
   */
  public Checkpoint checkpoint() {
    return checkpoint;
  }

  /**
   * The note itself.
   *
   * @return the note
   */
  public SignedNote note() {
    return note;
  }

  /**
   * Verifies the signature, and that the key is the key of the log named in the checkpoint.
   *
   * @param key the key that is trusted
   * @return true only if the key's owner signed this checkpoint of its own log
   */
  public boolean isSignedBy(NoteKey key) {
    return key.name().equals(checkpoint.origin().value()) && note.isSignedBy(key);
  }

  /**
   * The checkpoint in its canonical form.
   *
   * @return the note in UTF-8
   */
  public byte[] toBytes() {
    return note.toBytes();
  }

  /** Prints the whole note. */
  @Override
  public String toString() {
    return note.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SignedCheckpoint that && note.equals(that.note);
  }

  @Override
  public int hashCode() {
    return note.hashCode();
  }
}
