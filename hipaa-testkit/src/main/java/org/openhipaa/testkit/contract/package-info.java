/** Contract kits: one abstract test class per port; an implementation's first commit is a subclass that fails. */
@NullMarked
package org.openhipaa.testkit.contract;

import org.jspecify.annotations.NullMarked;
