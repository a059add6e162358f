package org.openhipaa.core.access.consent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.Relations;
import org.openhipaa.core.access.consent.ConsentDirective.Effect;
import org.openhipaa.core.access.consent.ConsentDirective.Form;
import org.openhipaa.core.access.desk.Office;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.actor.Recipient;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordRef;
import org.openhipaa.core.record.RecordType;

/**
 * Conflicts of directives against docs/design/consent.md, read word by word: an opt-out stands if it
 * may reach what is asked in any possible world, and no narrower opt-in covers it in all of them.
 */
class ConsentConflictTest {
  private static final int ROUNDS = 20_000;
  private static final PatientId JANE = PatientId.of("jane");
  private static final Actor DOC = Office.actor("dora", "staff");
  private static final List<RecordType> TYPES =
      List.of(RecordType.of("chart"), RecordType.of("lab"));
  private static final List<Purpose> PURPOSES = List.of(
      Purpose.TREATMENT,
      Purpose.PAYMENT,
      Purpose.RESEARCH,
      Purpose.EMERGENCY_TREATMENT,
      Purpose.PATIENT_REQUEST,
      Purpose.LEGAL);
  private static final Set<Purpose> ANY =
      EnumSet.of(Purpose.TREATMENT, Purpose.PAYMENT, Purpose.RESEARCH, Purpose.PATIENT_REQUEST);
  private static final List<Recipient> NAMED =
      List.of(Recipient.PROVIDER, Recipient.HEALTH_PLAN, Recipient.PATIENT);
  private static final List<Recipient> EVERYBODY =
      List.of(Recipient.PROVIDER, Recipient.HEALTH_PLAN, Recipient.PATIENT, Recipient.OTHER);
  private static final List<String> LABELS = List.of("a", "b", "c");
  private static final SortedSet<String> NONE = Collections.emptySortedSet();
  private static final List<String> RECORDS = List.of("r1", "r2", "r3");

  /** One way in which everything that is not known may be. An absent recipient is a use inside. */
  private record World(
      Purpose purpose,
      Optional<Recipient> to,
      Set<String> labels,
      RecordType type,
      String record) {}

  @Test
  void conflicts_areDecidedAsThePageSays() {
    long seed = Long.getLong("test.seed", 20261124L);
    SplittableRandom random = new SplittableRandom(seed);
    int stood = 0;
    int lifted = 0;
    for (int round = 0; round < ROUNDS; round++) {
      List<ConsentRule> rules = rules(random);
      AccessRequest request = request(random);
      Inquiry q = inquiry(request);

      boolean expected = stands(rules, worlds(request));
      boolean actual = Directives.standing(q, rules).isPresent();

      assertThat(actual)
          .as("seed %d round %d: %s with %s", seed, round, request, rules)
          .isEqualTo(expected);
      stood += expected ? 1 : 0;
      lifted += !expected && rules.stream().anyMatch(rule -> isOut(rule) && reaches(rule, request))
          ? 1
          : 0;
    }
    // Neither side of the question may be a rarity.
    assertThat(stood).isGreaterThan(ROUNDS / 20);
    assertThat(lifted).isGreaterThan(ROUNDS / 200);
  }

  @Test
  void orderDoesNotMatter_andAnotherOptOutNeverOpens() {
    SplittableRandom random = new SplittableRandom(Long.getLong("test.seed", 20261124L) + 1);
    for (int round = 0; round < ROUNDS / 4; round++) {
      List<ConsentRule> rules = rules(random);
      Inquiry q = inquiry(request(random));
      boolean before = Directives.standing(q, rules).isPresent();

      List<ConsentRule> backwards = new ArrayList<>(rules);
      Collections.reverse(backwards);
      assertThat(Directives.standing(q, backwards).isPresent()).isEqualTo(before);
      List<ConsentRule> more = new ArrayList<>(rules);
      more.add(directive(Effect.WITHHOLD, scope(random)));
      assertThat(!before || Directives.standing(q, more).isPresent()).isTrue();
    }
  }

  private static boolean isOut(ConsentRule rule) {
    return ((ConsentDirective) rule).effect() == Effect.WITHHOLD;
  }

  private static boolean reaches(ConsentRule rule, AccessRequest request) {
    return worlds(request).stream().anyMatch(world -> hit(rule.scope(), world));
  }

  private static boolean stands(List<ConsentRule> rules, List<World> worlds) {
    for (ConsentRule out : rules) {
      if (!isOut(out) || worlds.stream().noneMatch(world -> hit(out.scope(), world))) {
        continue;
      }
      boolean isLifted = false;
      for (ConsentRule in : rules) {
        isLifted |= !isOut(in)
            && worlds.stream().allMatch(world -> covered(in.scope(), world))
            && narrower(in.scope(), out.scope());
      }
      if (!isLifted) {
        return true;
      }
    }
    return false;
  }

  private static boolean hit(ConsentScope scope, World world) {
    boolean care = world.to().isEmpty() || world.to().get() == Recipient.PROVIDER;
    Set<Purpose> purposes = scope.purposes().isEmpty() ? ANY : scope.purposes();
    boolean purpose;
    if (world.purpose() == Purpose.EMERGENCY_TREATMENT && !care) {
      purpose =
          purposes.contains(Purpose.TREATMENT) || purposes.contains(Purpose.EMERGENCY_TREATMENT);
    } else if (world.purpose() == Purpose.PATIENT_REQUEST && scope.purposes().isEmpty()) {
      purpose = world.to().isPresent() && world.to().get() != Recipient.PATIENT;
    } else {
      purpose = purposes.contains(world.purpose());
    }
    boolean labels = scope.labels().isEmpty();
    for (String label : world.labels()) {
      labels |= scope.labels().contains(label);
    }
    return purpose && labels && rest(scope, world);
  }

  private static boolean covered(ConsentScope scope, World world) {
    Set<Purpose> purposes = scope.purposes().isEmpty() ? ANY : scope.purposes();
    boolean purpose = purposes.contains(world.purpose())
        || (world.purpose() == Purpose.EMERGENCY_TREATMENT
            && scope.purposes().contains(Purpose.TREATMENT));
    boolean labels = scope.labels().isEmpty()
        || (!world.labels().isEmpty() && scope.labels().containsAll(world.labels()));
    return purpose && labels && rest(scope, world);
  }

  private static boolean rest(ConsentScope scope, World world) {
    boolean to = scope.recipients().isEmpty()
        || (world.to().isPresent() && scope.recipients().contains(world.to().get()));
    boolean type = scope.types().isEmpty() || scope.types().contains(world.type());
    boolean record =
        scope.revealRecords().isEmpty() || scope.revealRecords().contains(world.record());
    return to && type && record;
  }

  /** By what is named: an empty set is everything, and more than all that can be named. */
  private static boolean narrower(ConsentScope in, ConsentScope out) {
    List<Set<?>> narrow = sets(in);
    List<Set<?>> wide = sets(out);
    boolean strictly = false;
    for (int i = 0; i < narrow.size(); i++) {
      Set<Object> left = everythingIfEmpty(narrow.get(i));
      Set<Object> right = everythingIfEmpty(wide.get(i));
      if (!right.contains("everything else") && !right.containsAll(left)) {
        return false;
      }
      strictly |= !left.equals(right);
    }
    return strictly;
  }

  private static Set<Object> everythingIfEmpty(Set<?> set) {
    return set.isEmpty() ? Set.of("everything else") : new HashSet<>(set);
  }

  private static List<Set<?>> sets(ConsentScope scope) {
    return List.of(
        scope.purposes(), scope.recipients(), scope.labels(), scope.types(), scope.revealRecords());
  }

  private static List<World> worlds(AccessRequest request) {
    List<Optional<Recipient>> recipients = new ArrayList<>();
    if (request.recipient().isPresent() || request.action() == Action.READ) {
      recipients.add(request.recipient());
    } else {
      EVERYBODY.forEach(who -> recipients.add(Optional.of(who)));
    }
    List<String> records = request.record().map(ref -> List.of(ref.revealId())).orElse(RECORDS);
    List<Set<String>> labels = new ArrayList<>();
    if (request.labels().isPresent()) {
      labels.add(request.labels().get());
    } else {
      for (int bits = 0; bits < 1 << LABELS.size(); bits++) {
        labels.add(subset(LABELS, bits));
      }
    }
    List<World> worlds = new ArrayList<>();
    for (Optional<Recipient> to : recipients) {
      for (Set<String> carried : labels) {
        records.forEach(record ->
            worlds.add(new World(request.purpose(), to, carried, request.type(), record)));
      }
    }
    return worlds;
  }

  private static <T> Set<T> subset(List<T> all, int bits) {
    Set<T> some = new HashSet<>();
    for (int i = 0; i < all.size(); i++) {
      if ((bits >> i & 1) == 1) {
        some.add(all.get(i));
      }
    }
    return some;
  }

  private static Inquiry inquiry(AccessRequest request) {
    return new Inquiry(
        request,
        JANE,
        PatientStatus.unknown(),
        Relations.none(),
        new TreeMap<>(Map.of("a", NONE, "b", NONE, "c", NONE)),
        request.labels().map(known -> known),
        Office.START,
        LocalDate.EPOCH);
  }

  private static AccessRequest request(SplittableRandom random) {
    RecordType type = one(random, TYPES);
    AccessRequest.Builder request = AccessRequest.builder(
            DOC,
            random.nextInt(3) == 0 ? Action.DISCLOSE : Action.READ,
            type,
            one(random, PURPOSES))
        .patient(JANE);
    if (random.nextInt(4) != 0) {
      request.record(RecordRef.of(Office.TENANT, type, JANE, one(random, RECORDS)));
    }
    if (random.nextInt(4) != 0) {
      request.labels(subset(LABELS, random.nextInt(8)));
    }
    if (random.nextBoolean()) {
      request.recipient(one(random, EVERYBODY));
    }
    return request.build();
  }

  private static List<ConsentRule> rules(SplittableRandom random) {
    List<ConsentRule> rules = new ArrayList<>();
    int count = random.nextInt(1, 6);
    for (int i = 0; i < count; i++) {
      rules.add(directive(random.nextBoolean() ? Effect.PERMIT : Effect.WITHHOLD, scope(random)));
    }
    return rules;
  }

  private static ConsentDirective directive(Effect effect, ConsentScope scope) {
    return new ConsentDirective(
        UUID.randomUUID(), JANE, effect, Form.PREFERENCE, scope, "desk", Office.START, null, null);
  }

  private static ConsentScope scope(SplittableRandom random) {
    return ConsentScope.everything()
        .purposes(some(random, PURPOSES))
        .recipients(some(random, NAMED))
        .labels(some(random, LABELS))
        .types(some(random, TYPES))
        .records(some(random, RECORDS.subList(0, 2)));
  }

  /** Mostly nothing: a scope that names everything reaches nothing. */
  private static <T> Set<T> some(SplittableRandom random, List<T> all) {
    return random.nextInt(5) < 3 ? Set.of() : subset(all, random.nextInt(1 << all.size()));
  }

  private static <T> T one(SplittableRandom random, List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
