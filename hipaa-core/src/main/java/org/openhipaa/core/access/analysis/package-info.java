/**
 * Answers questions about a whole policy, for all requests at once, with decision diagrams: who can
 * see this, what can this group see, what differs between two policies, which rules are idle.
 */
@NullMarked
package org.openhipaa.core.access.analysis;

import org.jspecify.annotations.NullMarked;
