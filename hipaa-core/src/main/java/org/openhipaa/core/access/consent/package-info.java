/**
 * What patients and rules say about their data beside the policy: consent directives, restrictions,
 * specially protected records, representatives and the deceased (45 CFR 164.502, 164.508, 164.510,
 * 164.522; 42 CFR Part 2); for applications that keep such directives.
 */
@NullMarked
package org.openhipaa.core.access.consent;

import org.jspecify.annotations.NullMarked;
