package org.openhipaa.samples.firstread;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.openhipaa.core.access.Relations;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.FieldValues;
import org.openhipaa.core.record.PatientId;

/** The 31 synthetic patients: their charts, and who treats whom. */
final class SyntheticPatients {
  /** The physician whose patients the sample's nurse helps to treat. */
  private static final String NURSES_PHYSICIAN = "8d32509a-2844-3440-aac1-59efe106054b";

  private final Map<PatientId, FieldValues> charts = new LinkedHashMap<>();
  private final Set<PatientId> treatedByNurse = new HashSet<>();

  private SyntheticPatients() {}

  static SyntheticPatients load(Path folder) {
    SyntheticPatients all = new SyntheticPatients();
    Map<String, String> payers = Csv.read(folder.resolve("payers.csv")).stream()
        .collect(Collectors.toMap(row -> cell(row, "Id"), row -> cell(row, "NAME")));
    Map<String, List<Map<String, String>>> encounters = byPatient(folder.resolve("encounters.csv"));
    Map<String, List<Map<String, String>>> conditions = byPatient(folder.resolve("conditions.csv"));
    for (Map<String, String> row : Csv.read(folder.resolve("patients.csv"))) {
      String id = cell(row, "Id");
      List<Map<String, String>> visits = encounters.getOrDefault(id, List.of());
      all.charts.put(
          PatientId.of(id), chart(row, visits, conditions.getOrDefault(id, List.of()), payers));
      if (visits.stream().anyMatch(visit -> cell(visit, "PROVIDER").equals(NURSES_PHYSICIAN))) {
        all.treatedByNurse.add(PatientId.of(id));
      }
    }
    return all;
  }

  Map<PatientId, FieldValues> charts() {
    return charts;
  }

  FieldValues chart(PatientId patient) {
    FieldValues chart = charts.get(patient);
    if (chart == null) {
      throw new IllegalStateException("there is no such patient");
    }
    return chart;
  }

  /** The one relation that the policy names. */
  Relations relations() {
    return (relation, actor, patient) -> relation.equals("treating")
        && actor.id().equals(Staff.NURSE)
        && treatedByNurse.contains(patient);
  }

  /** The n-th patient that the nurse treats, or does not treat, in the order of the file. */
  PatientId patient(int n, boolean treated) {
    return charts.keySet().stream()
        .filter(id -> treatedByNurse.contains(id) == treated)
        .skip(n)
        .findFirst()
        .orElseThrow();
  }

  private static FieldValues chart(
      Map<String, String> row,
      List<Map<String, String>> visits,
      List<Map<String, String>> conditions,
      Map<String, String> payers) {
    Map<String, String> values = new HashMap<>();
    values.put("firstName", cell(row, "FIRST"));
    values.put("lastName", cell(row, "LAST"));
    values.put("birthDate", cell(row, "BIRTHDATE"));
    values.put("sex", cell(row, "GENDER"));
    values.put("ssn", cell(row, "SSN"));
    values.put("street", cell(row, "ADDRESS"));
    values.put("city", cell(row, "CITY"));
    values.put("zip", cell(row, "ZIP"));
    values.put(
        "conditions",
        conditions.stream()
            .filter(c -> cell(c, "STOP").isEmpty() && cell(c, "DESCRIPTION").endsWith("(disorder)"))
            .map(c -> cell(c, "DESCRIPTION").replace(" (disorder)", ""))
            .collect(Collectors.joining("; ")));
    Optional<Map<String, String>> last =
        visits.isEmpty() ? Optional.empty() : Optional.of(visits.get(visits.size() - 1));
    values.put(
        "payer",
        last.map(visit -> payers.getOrDefault(cell(visit, "PAYER"), "")).orElse(""));
    values.put(
        "claimTotal",
        visits.stream()
            .map(visit -> new BigDecimal(cell(visit, "TOTAL_CLAIM_COST")))
            .reduce(BigDecimal.ZERO, BigDecimal::add)
            .toPlainString());
    return FieldValues.of(values.entrySet().stream()
        .collect(Collectors.toMap(e -> FieldPath.of(e.getKey()), Map.Entry::getValue)));
  }

  private static Map<String, List<Map<String, String>>> byPatient(Path file) {
    return Csv.read(file).stream().collect(Collectors.groupingBy(row -> cell(row, "PATIENT")));
  }

  private static String cell(Map<String, String> row, String column) {
    String value = row.get(column);
    if (value == null) {
      throw new IllegalStateException("the CSV file has no column " + column);
    }
    return value;
  }
}
