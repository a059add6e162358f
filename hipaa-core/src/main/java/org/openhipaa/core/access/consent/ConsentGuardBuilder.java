package org.openhipaa.core.access.consent;

import java.time.Clock;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.Relations;
import org.openhipaa.core.access.rules.PolicyModel;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.record.RecordType;

/** Collects what a {@link ConsentGuard} knows. Not thread-safe. */
public final class ConsentGuardBuilder {
  final Consents consents;
  Relations relations = Relations.none();
  PatientFacts facts = PatientFacts.none();

  @Nullable
  Supplier<PolicyModel> model;

  Clock clock = Clock.systemUTC();
  ZoneId zone = ZoneOffset.UTC;
  int majority = 18;
  String psychotherapy = "psychotherapy";
  String part2 = "part2";
  String vip = "vip";
  String minorConsented = "minor-consented";
  String originatorAttribute = "originator";
  String programAttribute = "program";
  Set<String> guardedRelations = Set.of(ConsentGuard.FAMILY, ConsentGuard.COLLEAGUE);
  Set<String> careRelations = Set.of(ConsentGuard.TREATING);
  Set<Group> officers = Set.of();
  Set<RecordType> unlabelled = Set.of();
  Set<RecordType> notAboutPatients = Set.of();
  Set<Purpose> optIn = EnumSet.of(Purpose.MARKETING);

  ConsentGuardBuilder(Consents consents) {
    this.consents = consents;
  }

  private ConsentGuardBuilder(ConsentGuardBuilder other) {
    this.consents = other.consents;
    this.relations = other.relations;
    this.facts = other.facts;
    this.model = other.model;
    this.clock = other.clock;
    this.zone = other.zone;
    this.majority = other.majority;
    this.psychotherapy = other.psychotherapy;
    this.part2 = other.part2;
    this.vip = other.vip;
    this.minorConsented = other.minorConsented;
    this.originatorAttribute = other.originatorAttribute;
    this.programAttribute = other.programAttribute;
    this.guardedRelations = other.guardedRelations;
    this.careRelations = other.careRelations;
    this.officers = other.officers;
    this.unlabelled = other.unlabelled;
    this.notAboutPatients = other.notAboutPatients;
    this.optIn = other.optIn;
  }

  /**
   * Answers who is whose family, colleague, parent and so on: the relations named by the constants
   * of {@link ConsentGuard}. Answer false for those that are not tracked. Without it none holds.
   *
   * @param answers the relations
   * @return this
   */
  public ConsentGuardBuilder relations(Relations answers) {
    this.relations = answers;
    return this;
  }

  /**
   * Knows births and deaths; without it no patient is a known minor or deceased.
   *
   * @param known looks them up
   * @return this
   */
  public ConsentGuardBuilder facts(PatientFacts known) {
    this.facts = known;
    return this;
  }

  /**
   * Knows which labels imply which; without it none does.
   *
   * @param current gives the model of the policy in force
   * @return this
   */
  public ConsentGuardBuilder model(Supplier<PolicyModel> current) {
    this.model = current;
    return this;
  }

  /**
   * Tells the time, and where midnight is; the system's clock in UTC without it.
   *
   * @param time the clock
   * @param where the zone
   * @return this
   */
  public ConsentGuardBuilder clock(Clock time, ZoneId where) {
    this.clock = time;
    this.zone = where;
    return this;
  }

  /**
   * Sets the age of majority, which is for the State to say; 18 without it.
   *
   * @param years the age
   * @return this
   */
  public ConsentGuardBuilder majority(int years) {
    this.majority = years;
    return this;
  }

  /**
   * Names the labels that mark specially protected records.
   *
   * @param notes psychotherapy notes; {@code psychotherapy} without it
   * @param substanceUse records under 42 CFR Part 2; {@code part2} without it
   * @param wellKnown charts that curiosity is drawn to; {@code vip} without it
   * @param byMinor care that a minor consented to alone; {@code minor-consented} without it
   * @return this
   */
  public ConsentGuardBuilder labels(
      String notes, String substanceUse, String wellKnown, String byMinor) {
    this.psychotherapy = notes;
    this.part2 = substanceUse;
    this.vip = wellKnown;
    this.minorConsented = byMinor;
    return this;
  }

  /**
   * Names the relations by which somebody has to do with a patient's care; {@code treating} without
   * it.
   *
   * @param names the relations; each opens a guarded chart
   * @return this
   */
  public ConsentGuardBuilder careRelations(String... names) {
    this.careRelations = Set.of(names);
    return this;
  }

  /**
   * Names the groups whose members may approve that a guarded chart is opened; none without it.
   *
   * @param groups the groups of privacy officers
   * @return this
   */
  public ConsentGuardBuilder privacyOfficers(Group... groups) {
    this.officers = Set.of(groups);
    return this;
  }

  /**
   * Names record types that never carry a label, so that labels that are not stated are none.
   *
   * @param types the types
   * @return this
   */
  public ConsentGuardBuilder unlabelled(RecordType... types) {
    this.unlabelled = Set.of(types);
    return this;
  }

  /**
   * Names record types that are about no patient, such as {@code incident}; they pass.
   *
   * @param types the types
   * @return this
   */
  public ConsentGuardBuilder notAboutPatients(RecordType... types) {
    this.notAboutPatients = Set.of(types);
    return this;
  }

  /**
   * Names purposes that need an opt-in, besides marketing and telling the family, which always do;
   * such as research, where no waiver stands in for it.
   *
   * @param purposes the purposes
   * @return this
   */
  public ConsentGuardBuilder optIn(Purpose... purposes) {
    Set<Purpose> all = EnumSet.of(Purpose.MARKETING);
    all.addAll(Set.of(purposes));
    this.optIn = all;
    return this;
  }

  /**
   * Makes the guard.
   *
   * @return the guard; what is set later does not change it
   */
  public ConsentGuard build() {
    return new ConsentGuard(new ConsentGuardBuilder(this));
  }
}
