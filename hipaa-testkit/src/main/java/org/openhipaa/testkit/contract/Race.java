package org.openhipaa.testkit.contract;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Lets many threads do the same at once. */
final class Race {
  private static final int THREADS = 8;

  private Race() {}

  /** Runs all tries at once; the answers in the order of the tries. */
  static <T> List<T> run(int tries, IntFunction<T> each) {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Callable<T>> calls = IntStream.range(0, tries)
          .<Callable<T>>mapToObj(i -> () -> each.apply(i))
          .toList();
      List<T> answers = new java.util.ArrayList<>();
      for (Future<T> future : threads.invokeAll(calls)) {
        answers.add(future.get());
      }
      return answers;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } catch (ExecutionException e) {
      throw new AssertionError("a try failed", e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }
}
