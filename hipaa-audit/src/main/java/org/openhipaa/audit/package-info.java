/** What all parts of the audit module share; for everyone who reads or writes its formats. */
@NullMarked
package org.openhipaa.audit;

import org.jspecify.annotations.NullMarked;
