package org.openhipaa.backup.internal;

import org.openhipaa.core.HipaaException;

/**
 * An object of a repository was not accepted. Stays inside of this module; each verb answers it in
 * its own words.
 */
public final class ObjectRejectedException extends HipaaException {
  private static final long serialVersionUID = 1L;

  /** The object concerned. */
  private final String object;
  /** In which way it is wrong. */
  private final Problem problem;

  /**
   * Rejects an object.
   *
   * @param object its name in the store
   * @param problem in which way it is wrong
   * @param message what is wrong, without the object's name; free of paths
   */
  public ObjectRejectedException(String object, Problem problem, String message) {
    super(message);
    this.object = object;
    this.problem = problem;
  }

  /**
   * Rejects an object because of another failure.
   *
   * @param object its name in the store
   * @param problem in which way it is wrong
   * @param message what is wrong, without the object's name; free of paths
   * @param cause the other failure
   */
  public ObjectRejectedException(String object, Problem problem, String message, Throwable cause) {
    super(message, cause);
    this.object = object;
    this.problem = problem;
  }

  /**
   * Which object.
   *
   * @return its name in the store
   */
  public String object() {
    return object;
  }

  /**
   * In which way it is wrong.
   *
   * @return the problem
   */
  public Problem problem() {
    return problem;
  }

  /** Never null: every rejection says why. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
