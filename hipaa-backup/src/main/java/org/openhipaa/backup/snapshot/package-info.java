/**
 * Values that describe one backup: its summary and the digest that proves a copy equal to its
 * source.
 */
@NullMarked
package org.openhipaa.backup.snapshot;

import org.jspecify.annotations.NullMarked;
