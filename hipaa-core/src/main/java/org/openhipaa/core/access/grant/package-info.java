/**
 * Memberships of user groups that are asked for, approved by somebody else, end by themselves, and
 * are all taken away in one call (45 CFR 164.308(a)(3), (a)(4)); for applications that manage access.
 */
@NullMarked
package org.openhipaa.core.access.grant;

import org.jspecify.annotations.NullMarked;
