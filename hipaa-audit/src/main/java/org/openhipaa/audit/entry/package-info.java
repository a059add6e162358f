/**
 * What one entry of the log says and how it is encoded: a header in clear and a sealed subject, for whoever reads or writes
 * the log.
 */
@NullMarked
package org.openhipaa.audit.entry;

import org.jspecify.annotations.NullMarked;
