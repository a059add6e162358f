package org.openhipaa.core.access;

import java.time.ZoneId;
import java.util.List;

/** What a policy may have to look up, by number. */
record Lookups(List<String> relations, List<String> predicates, ZoneId zone) {}
