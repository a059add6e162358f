/** Decision tables: cases of who asks for what, and what a policy has to answer. */
@NullMarked
package org.openhipaa.core.access.table;

import org.jspecify.annotations.NullMarked;
