/**
 * Alarms become incidents that only the people named by the policy see and handle (45 CFR 164.308(a)(6)); for operators and
 * the applications that show them.
 */
@NullMarked
package org.openhipaa.audit.incident;

import org.jspecify.annotations.NullMarked;
