/** The front door: one method from a request to masked, audited PHI. */
@NullMarked
package org.openhipaa.core.phi;

import org.jspecify.annotations.NullMarked;
