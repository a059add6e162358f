/**
 * Tests policies: decision tables as JUnit tests, coverage, mutants, golden matrices, replay of an audit log; and
 * the reference evaluator with the random policies that it is compared on.
 */
@NullMarked
package org.openhipaa.testkit.policy;

import org.jspecify.annotations.NullMarked;
