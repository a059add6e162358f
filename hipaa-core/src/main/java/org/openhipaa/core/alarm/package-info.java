/** Alarms that the library raises by itself, and the port they leave through. */
@NullMarked
package org.openhipaa.core.alarm;

import org.jspecify.annotations.NullMarked;
