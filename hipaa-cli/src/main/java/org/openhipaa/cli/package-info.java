/** The command-line tool of operators and officers: {@code hipaa}. Not an API. */
@NullMarked
package org.openhipaa.cli;

import org.jspecify.annotations.NullMarked;
