package org.openhipaa.benchmarks.policy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The rules of a hospital with so many departments, 33 for each and 5 for the whole house, in words
 * that every engine can take: 9 roles, 10 record types, 12 actions. Deny overrides permit, and what
 * nothing permits is denied.
 *
 * <p>{@link #permits} asks rule after rule. It is what every engine's answers are compared with.
 *
 * @param departments their names
 * @param rules all rules: those of the whole house, then department by department
 */
record HospitalRules(List<String> departments, List<Rule> rules) {
  static final List<String> ROLES = List.of(
      "physician",
      "nurse",
      "pharmacist",
      "lab",
      "billing",
      "registrar",
      "researcher",
      "security-officer",
      "patient");
  static final List<String> TYPES = List.of(
      "chart",
      "note",
      "lab-result",
      "medication",
      "imaging",
      "allergy",
      "appointment",
      "claim",
      "consent",
      "audit-entry");
  static final List<String> ACTIONS = List.of(
      "read",
      "search",
      "create",
      "update",
      "delete",
      "disclose",
      "print",
      "export",
      "administer",
      "amend",
      "sign",
      "merge");
  static final List<String> PURPOSES = List.of(
      "treatment",
      "emergency-treatment",
      "payment",
      "operations",
      "research",
      "public-health",
      "patient-request",
      "legal",
      "system-administration");

  /** Where a rule looks for the name of its department. */
  enum Where {
    /** Nowhere: it is a rule of the whole house. */
    ANYWHERE,
    /** The record belongs to the department. */
    RECORD,
    /** The actor works there. */
    ACTOR,
    /** Both. */
    BOTH
  }

  /**
   * One rule: every part has to fit.
   *
   * @param id unique
   * @param permit whether it permits or denies
   * @param role whom it covers; empty for everyone
   * @param type the record type
   * @param actions the actions
   * @param purposes the purposes; empty for every one
   * @param where what has to be of the department
   * @param department the department; empty if {@code where} is ANYWHERE
   */
  record Rule(
      String id,
      boolean permit,
      String role,
      String type,
      List<String> actions,
      List<String> purposes,
      Where where,
      String department) {
    boolean ofActor() {
      return where == Where.ACTOR || where == Where.BOTH;
    }

    boolean ofRecord() {
      return where == Where.RECORD || where == Where.BOTH;
    }

    boolean matches(Request request) {
      return (!ofRecord() || department.equals(request.recordDepartment()))
          && (!ofActor() || department.equals(request.actorDepartment()))
          && type.equals(request.type())
          && (role.isEmpty() || role.equals(request.role()))
          && actions.contains(request.action())
          && (purposes.isEmpty() || purposes.contains(request.purpose()));
    }
  }

  /**
   * One request.
   *
   * @param role the actor's
   * @param actorDepartment where the actor works
   * @param action what they want to do
   * @param type with what kind of record
   * @param recordDepartment of which department
   * @param purpose why
   */
  record Request(
      String role,
      String actorDepartment,
      String action,
      String type,
      String recordDepartment,
      String purpose) {}

  // spotless:off
  /** effect, role, type, actions, purposes, where. */
  private static final String EVERY_DEPARTMENT = """
      permit physician  chart       read,search,create,update,delete,amend,sign treatment,emergency-treatment record
      permit physician  note        read,search,create,amend,sign,disclose      treatment,emergency-treatment both
      permit physician  lab-result  read,search,create,print                    treatment,emergency-treatment record
      permit physician  medication  read,search,create,update,sign              treatment,emergency-treatment record
      permit physician  imaging     read,search,create,print                    treatment,emergency-treatment record
      permit physician  allergy     read,search,create,update                   treatment,emergency-treatment record
      permit physician  appointment read,search,create,update                   treatment,operations          both
      permit physician  consent     read,search                                 treatment,legal               actor
      permit nurse      chart       read,search,update                          treatment,emergency-treatment record
      permit nurse      note        read,create                                 treatment                     both
      permit nurse      lab-result  read,search                                 treatment,emergency-treatment record
      permit nurse      medication  read,search,update                          treatment,emergency-treatment both
      permit nurse      imaging     read                                        treatment                     record
      permit nurse      allergy     read,search,create,update                   treatment,emergency-treatment record
      permit nurse      appointment read,search,create,update                   treatment,operations          record
      permit pharmacist medication  read,search,update,sign,print               treatment,operations          actor
      permit pharmacist allergy     read,search                                 treatment                     record
      permit pharmacist lab-result  read                                        treatment                     record
      permit lab        lab-result  read,search,create,update,amend,sign,print  treatment,operations          record
      permit lab        imaging     read,search,create,sign                     treatment                     both
      permit billing    claim       read,search,create,update,disclose,export   payment                       record
      permit billing    appointment read,search                                 payment,operations            record
      permit billing    chart       read,print                                  payment                       record
      permit registrar  chart       read,search,create,update,delete,merge      operations                    record
      permit registrar  appointment read,search,create,update,delete            operations                    record
      permit registrar  consent     read,create,update                          operations,legal              both
      permit registrar  claim       read                                        payment,operations            actor
      permit researcher lab-result  read,search,export                          research,public-health        record
      permit researcher imaging     read,search,export                          research                      both
      permit security-officer audit-entry read,search,export,administer         operations                    record
      permit patient    appointment read,create,update,delete                   patient-request               record
      deny   physician  lab-result  print                                       emergency-treatment           actor
      deny   billing    chart       print                                       payment                       both
      """;

  private static final String WHOLE_HOUSE = """
      permit security-officer audit-entry read,search                           system-administration         anywhere
      permit physician  chart       read                                        emergency-treatment           anywhere
      deny   -          chart       delete                                      -                             anywhere
      deny   researcher lab-result  export                                      public-health                 anywhere
      deny   physician  note        disclose                                    emergency-treatment           anywhere
      """;
  // spotless:on

  static HospitalRules of(int departments) {
    List<Rule> rules = new ArrayList<>(parse(WHOLE_HOUSE, ""));
    List<String> names = new ArrayList<>();
    for (int i = 0; i < departments; i++) {
      String name = "d%03d".formatted(i);
      names.add(name);
      rules.addAll(parse(EVERY_DEPARTMENT, name));
    }
    return new HospitalRules(List.copyOf(names), List.copyOf(rules));
  }

  private static List<Rule> parse(String lines, String department) {
    return lines.lines().map(line -> parseLine(line, department)).toList();
  }

  private static Rule parseLine(String line, String department) {
    String[] words = line.strip().split(" +", -1);
    boolean permit = words[0].equals("permit");
    String role = words[1].equals("-") ? "" : words[1];
    String id = Stream.of(
            permit ? "" : "no", role, words[2], department.isEmpty() ? "all" : department)
        .filter(word -> !word.isEmpty())
        .reduce((a, b) -> a + "-" + b)
        .orElseThrow();
    return new Rule(
        id,
        permit,
        role,
        words[2],
        List.of(words[3].split(",", -1)),
        words[4].equals("-") ? List.of() : List.of(words[4].split(",", -1)),
        Where.valueOf(words[5].toUpperCase(Locale.ROOT)),
        department);
  }

  /** The answer of the rules as they are written. */
  boolean permits(Request request) {
    boolean permitted = false;
    for (Rule rule : rules) {
      if (rule.matches(request)) {
        if (!rule.permit()) {
          return false;
        }
        permitted = true;
      }
    }
    return permitted;
  }

  /**
   * Random requests over all departments: half of them permitted, the others a permitted one with a
   * detail or two changed, or one that a deny rule matches.
   */
  List<Request> requests(long seed, int count) {
    Random random = new Random(seed);
    List<Request> requests = new ArrayList<>(count);
    while (requests.size() < count) {
      boolean wanted = requests.size() % 2 == 0;
      Request fits = fitting(pick(random, rules), random);
      Request request = wanted ? fits : spoilt(fits, random);
      if (permits(request) == wanted) {
        requests.add(request);
      }
    }
    // Permits and denies come in no order that a processor could learn.
    Collections.shuffle(requests, random);
    return List.copyOf(requests);
  }

  private Request fitting(Rule rule, Random random) {
    String record = rule.ofRecord() ? rule.department() : pick(random, departments);
    // Most people deal with records of their own department.
    String actor = rule.ofActor()
        ? rule.department()
        : random.nextInt(4) > 0 ? record : pick(random, departments);
    return new Request(
        rule.role().isEmpty() ? pick(random, ROLES) : rule.role(),
        actor,
        pick(random, rule.actions()),
        rule.type(),
        record,
        pick(random, rule.purposes().isEmpty() ? PURPOSES : rule.purposes()));
  }

  private Request spoilt(Request request, Random random) {
    Request spoilt = request;
    for (int i = random.nextInt(3); i > 0; i--) {
      spoilt = pick(random, changes(random)).apply(spoilt);
    }
    return spoilt;
  }

  private List<Function<Request, Request>> changes(Random random) {
    return List.of(
        r -> new Request(
            pick(random, ROLES),
            r.actorDepartment(),
            r.action(),
            r.type(),
            r.recordDepartment(),
            r.purpose()),
        r -> new Request(
            r.role(),
            pick(random, departments),
            r.action(),
            r.type(),
            pick(random, departments),
            r.purpose()),
        r -> new Request(
            r.role(),
            r.actorDepartment(),
            pick(random, ACTIONS),
            r.type(),
            r.recordDepartment(),
            r.purpose()),
        r -> new Request(
            r.role(),
            r.actorDepartment(),
            r.action(),
            pick(random, TYPES),
            r.recordDepartment(),
            r.purpose()),
        r -> new Request(
            r.role(),
            r.actorDepartment(),
            r.action(),
            r.type(),
            r.recordDepartment(),
            pick(random, PURPOSES)));
  }

  private static <T> T pick(Random random, List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
