/** What a policy says, as data: rules, conditions, attributes, limits. */
@NullMarked
package org.openhipaa.core.access.rules;

import org.jspecify.annotations.NullMarked;
