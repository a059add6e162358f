/** Strict fakes: stand-ins for the ports that are stricter than the real thing; for tests of applications. */
@NullMarked
package org.openhipaa.testkit;

import org.jspecify.annotations.NullMarked;
