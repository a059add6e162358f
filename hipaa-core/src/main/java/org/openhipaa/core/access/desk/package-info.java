/**
 * Administrative steps that the policy has to permit and that are recorded; what break-glass
 * reviews, consent and grants have in common, and open to the steps of an application.
 */
@NullMarked
package org.openhipaa.core.access.desk;

import org.jspecify.annotations.NullMarked;
