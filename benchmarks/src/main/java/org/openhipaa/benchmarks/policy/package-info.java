/**
 * What one access decision costs, beside other policy engines that hold the same rules: {@link
 * org.openhipaa.benchmarks.policy.PolicyComparison} prints the table.
 */
@NullMarked
package org.openhipaa.benchmarks.policy;

import org.jspecify.annotations.NullMarked;
