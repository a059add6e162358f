/** The roots that every failure of this library extends; for everyone who embeds it. */
@NullMarked
package org.openhipaa.core;

import org.jspecify.annotations.NullMarked;
