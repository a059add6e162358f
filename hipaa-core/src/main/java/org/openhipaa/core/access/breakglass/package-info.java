/**
 * Emergency access (45 CFR 164.312(a)(2)(ii)): tickets that are given out under watch, reviewed
 * afterwards, and worthless when forged; for applications that offer break-glass.
 */
@NullMarked
package org.openhipaa.core.access.breakglass;

import org.jspecify.annotations.NullMarked;
