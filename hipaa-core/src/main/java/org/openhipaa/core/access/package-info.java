/** The access policy: who may do what with which fields for which purpose, and how much of it. */
@NullMarked
package org.openhipaa.core.access;

import org.jspecify.annotations.NullMarked;
