/** What the building blocks cost, each beside the plainest thing that does the same work. */
@NullMarked
package org.openhipaa.benchmarks;

import org.jspecify.annotations.NullMarked;
