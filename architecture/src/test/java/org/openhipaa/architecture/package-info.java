/** What may know what, and what nobody may do: each rule with its because. */
@NullMarked
package org.openhipaa.architecture;

import org.jspecify.annotations.NullMarked;
