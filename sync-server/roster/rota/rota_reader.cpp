// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/rota/rota_reader.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>

#include "shared/core/decimal.h"
#include "shared/visits/measures/rule_packs.h"
#include "sync-server/roster/limits.h"
#include "sync-server/roster/rota/rota_check.h"
#include "sync-server/roster/rota/rota_table.h"
#include "sync-server/roster/rota/rota_values.h"
#include "sync-server/roster/rota/spreadsheet_words.h"

namespace doorstep::roster {
namespace {

// Hints in all; each iterates over all refs of a file.
constexpr std::size_t kHintsMax = 10;

// Iterated for hints only, so its order does not matter.
using RefIndex = std::unordered_map<std::string, std::uint32_t>;

// Refs of one file that rows of another may name. usable is false if the file itself has faults:
// then an unknown ref is not reported.
struct Names {
  const char* file;
  RefIndex index;
  bool usable = false;
};

class Reader {
 public:
  Reader(const RotaFiles& files, FaultList& faults) : files_(files), faults_(faults) {}

  Rota read();

 private:
  bool missing(std::istream* input, const char* file);
  void readContracts();
  void readPeople();
  void readCarers();
  void readTasks();
  void readVisits();
  void readVisitRow(RotaTable& table);
  RotaVisit readVisitFields(RotaTable& table, std::uint32_t carersRequired);
  void readAfter(RotaTable& table, RotaVisit& visit);
  void readCancellation(RotaTable& table, RotaVisit& visit);
  void compareSlots(RotaTable& table, const RotaVisit& first, const RotaVisit& row);
  void takeSlot(RotaTable& table, RotaVisit& visit, std::uint32_t slot, std::uint32_t carer);
  std::uint32_t find(RotaTable& table, std::size_t column, const Names& names);
  std::string hint(const std::string& ref, const Names& names);
  void resolveAfter();

  const RotaFiles& files_;
  FaultList& faults_;
  Rota rota_;
  Names people_{"people.csv", {}, false};
  Names carers_{"carers.csv", {}, false};
  RefIndex visits_;
  std::size_t hints_ = 0;
};

bool Reader::missing(std::istream* input, const char* file) {
  if (input)
    return false;
  faults_.add({file, 0, "", "FILE_MISSING", fmt::format("The rota needs a file {}.", file)});
  return true;
}

// Adds a ref to the index. A ref that is in it already is a fault.
bool addRef(RotaTable& table, std::size_t column, RefIndex& index, const std::string& ref,
            std::size_t at) {
  if (ref.empty())
    return false;
  if (index.emplace(ref, static_cast<std::uint32_t>(at)).second)
    return true;
  table.fault(column, "DUPLICATE_ID",
              fmt::format("{} stands in an earlier line too.", quoteValue(ref)));
  return false;
}

void Reader::readContracts() {
  enum Column { Ref, Council, Lot, Late, Early, Critical, Missed, From, Role, Correction, Pack };
  static constexpr ColumnSpec kColumns[] = {{"contract_ref", true},
                                            {"council", true},
                                            {"lot", true},
                                            {"late_tolerance_min", false},
                                            {"early_tolerance_min", false},
                                            {"time_critical_tolerance_min", false},
                                            {"missed_after_min", false},
                                            {"lot_from", false},
                                            {"provider_role", false},
                                            {"correction_reason", false},
                                            {"rules_pack", false}};
  if (!files_.contracts)
    return;
  RotaTable table("contracts.csv", *files_.contracts, kColumns, kContractRowsMax, faults_,
                  rota_.notes);
  RefIndex contracts;
  RefIndex lots;
  const measures::Rules usual = measures::unstatedRules();
  while (table.nextRow()) {
    RotaContract row;
    row.line = table.line();
    row.ref = table.ref(Ref, true);
    row.council = table.text(Council, kNameBytesMax, true);
    const std::string lot = table.ref(Lot, true);
    const auto from = table.day(From);
    const std::string role = oneOf(table, Role, {"lead", "supplementary", "contingency"});
    const std::string correction = readCorrection(table, From, Correction);
    row.rules = statedRules(table, {Late, Early, Critical, Missed, Pack});
    if (!addRef(table, Lot, lots, lot, 0) || !table.rowOk())
      continue;
    const auto [place, isNew] = contracts.emplace(row.ref, rota_.contracts.size());
    if (isNew)
      rota_.contracts.push_back(row);
    RotaContract& contract = rota_.contracts[place->second];
    if (contract.council != row.council ||
        rulesOver(usual, contract.rules.value_or(StatedRules{})) !=
            rulesOver(usual, row.rules.value_or(StatedRules{})))
      table.fault(Ref, "ROWS_DISAGREE",
                  fmt::format("Contract {} has another council or other rules in line {}.",
                              quoteValue(row.ref), contract.line));
    contract.lots.push_back(lot);
    if (from || !role.empty())
      contract.starts[lot] = {from, role, correction};
  }
  table.finish();
}

void Reader::readPeople() {
  enum Column { Ref, Name, Latitude, Longitude, Lot, AccessNote, From, Tier, Funder, Correction };
  static constexpr ColumnSpec kColumns[] = {{"person_ref", true},     {"name", true},
                                            {"latitude", true, true}, {"longitude", true, true},
                                            {"lot", true, true},      {"access_note", false},
                                            {"lot_from", false},      {"tier", false},
                                            {"funder_split", false},  {"correction_reason", false}};
  if (missing(files_.people, "people.csv"))
    return;
  RotaTable table("people.csv", *files_.people, kColumns, kPeopleMax, faults_, rota_.notes);
  while (table.nextRow()) {
    RotaPerson person;
    person.line = table.line();
    person.ref = table.ref(Ref, true);
    person.name = table.text(Name, kNameBytesMax, true);
    person.accessNote = table.text(AccessNote, kAccessNoteBytesMax, false, true);
    person.lot = table.ref(Lot, false);
    person.lotFromDay = table.day(From);
    person.correction = readCorrection(table, From, Correction);
    person.tier = table.ref(Tier, false);
    person.funderSplit = table.text(Funder, kNameBytesMax, false);
    if (!person.funderSplit.empty() && !isFunderSplit(person.funderSplit))
      table.fault(Funder, "FUNDER_FORMAT",
                  fmt::format("{} does not say who pays which share of 10000. Write it as "
                              "council=7000;health=3000.",
                              quoteValue(person.funderSplit)));
    person.latitudeDeg = table.degrees(Latitude, 90);
    person.longitudeDeg = table.degrees(Longitude, 180);
    if (table.rowOk() && person.latitudeDeg.has_value() != person.longitudeDeg.has_value())
      table.fault(person.latitudeDeg ? Longitude : Latitude, "EMPTY",
                  "Give both latitude and longitude, or neither.");
    // Also added if the row has faults, so that a visit that names the person is not reported as
    // well.
    if (addRef(table, Ref, people_.index, person.ref, rota_.people.size()))
      rota_.people.push_back(std::move(person));
  }
  table.finish();
  people_.usable = table.usable();
}

void Reader::readCarers() {
  enum Column { Ref, Name, ShiftStart, ShiftEnd };
  static constexpr ColumnSpec kColumns[] = {
      {"carer_ref", true}, {"name", true}, {"shift_start", false}, {"shift_end", false}};
  if (missing(files_.carers, "carers.csv"))
    return;
  RotaTable table("carers.csv", *files_.carers, kColumns, kCarersMax, faults_, rota_.notes);
  while (table.nextRow()) {
    RotaCarer carer{table.ref(Ref, true), table.text(Name, kNameBytesMax, true), table.line()};
    // Shifts are not stored, but an invalid one shows that the export is wrong.
    const auto start = table.time(ShiftStart);
    const auto end = table.time(ShiftEnd, std::nullopt, start);
    if (start && end && *end < *start)
      table.fault(ShiftEnd, "ENDS_BEFORE_START", "The shift ends before it starts.");
    if (addRef(table, Ref, carers_.index, carer.ref, rota_.carers.size()))
      rota_.carers.push_back(std::move(carer));
  }
  table.finish();
  carers_.usable = table.usable();
}

void Reader::readTasks() {
  enum Column { Service, Number, Code, Text, Critical };
  static constexpr ColumnSpec kColumns[] = {{"service", true},
                                            {"task_number", true},
                                            {"code", true},
                                            {"text", true},
                                            {"critical", false}};
  if (!files_.tasks)
    return;
  RotaTable table("tasks.csv", *files_.tasks, kColumns, kServiceTasksMax, faults_, rota_.notes);
  while (table.nextRow()) {
    const std::string service = table.ref(Service, true);
    visits::PlannedTask task;
    task.taskNumber = table.number(Number, 1, 1000).value_or(0);
    task.code = table.text(Code, kTaskCodeBytesMax, true);
    task.text = table.text(Text, kTaskTextBytesMax, true);
    task.critical = table.yesNo(Critical);
    if (!table.rowOk())
      continue;
    auto& tasks = rota_.tasks[service];
    if (tasks.size() == kTasksPerVisitMax)
      table.fault(Service, "TOO_MANY_TASKS",
                  fmt::format("A visit has at most {} tasks.", kTasksPerVisitMax));
    else if (std::any_of(tasks.begin(), tasks.end(),
                         [&](const auto& each) { return each.taskNumber == task.taskNumber; }))
      table.fault(Number, "DUPLICATE_ID",
                  "The service has this task number in an earlier line too.");
    else
      tasks.push_back(std::move(task));
  }
  table.finish();
  for (auto& [service, tasks] : rota_.tasks)
    std::sort(tasks.begin(), tasks.end(),
              [](const auto& a, const auto& b) { return a.taskNumber < b.taskNumber; });
}

enum VisitColumn {
  Visit,
  Person,
  Slot,
  Required,
  Carer,
  Service,
  Start,
  End,
  Duration,
  After,
  MinGap,
  MaxGap,
  Critical,
  Fold,
  CancelledBy,
  CancelledAt,
  ChangedBy
};
constexpr ColumnSpec kVisitColumns[] = {
    {"visit_ref", true},        {"person_ref", true},      {"carer_slot", true},
    {"carers_required", true},  {"carer_ref", true, true}, {"service", true},
    {"window_start", true},     {"window_end", true},      {"duration_min", true},
    {"after_visit_ref", false}, {"min_gap_min", false},    {"max_gap_min", false},
    {"time_critical", false},   {"fold", false},           {"cancelled_by", false},
    {"cancelled_at", false},    {"changed_by", false}};

void Reader::readVisits() {
  if (missing(files_.visits, "visits.csv"))
    return;
  RotaTable table("visits.csv", *files_.visits, kVisitColumns, kVisitRowsMax, faults_, rota_.notes);
  while (table.nextRow())
    readVisitRow(table);
  table.finish();
  resolveAfter();
}

// Equal for refs that differ only in what spreadsheets change: case, leading zeros, blanks and
// hyphens.
std::string lookalikeKey(const std::string& ref) {
  std::string key;
  for (const char byte : columnName(ref))
    if (byte != '_' && !(byte == '0' && key.empty()))
      key.push_back(byte);
  return key;
}

std::string Reader::hint(const std::string& ref, const Names& names) {
  if (++hints_ > kHintsMax)
    return {};
  const std::string key = lookalikeKey(ref);
  for (const auto& [known, index] : names.index)
    if (lookalikeKey(known) == key)
      return fmt::format(" {} is: write refs alike in every file, in columns of text.",
                         quoteValue(known));
  return {};
}

// Returns kNobody for an empty value and for an unknown ref, which is reported as a fault.
std::uint32_t Reader::find(RotaTable& table, std::size_t column, const Names& names) {
  const std::string& ref = table.raw(column);
  if (ref.empty())
    return kNobody;
  const auto found = names.index.find(ref);
  if (found != names.index.end())
    return found->second;
  if (names.usable)
    table.fault(column, "UNKNOWN_REFERENCE",
                fmt::format("{} is not in {}.{}", quoteValue(ref), names.file, hint(ref, names)));
  return kNobody;
}

void Reader::readAfter(RotaTable& table, RotaVisit& visit) {
  visit.afterRef = table.ref(After, false);
  visit.minGapMin = table.number(MinGap, 0, kGapMinMax).value_or(0);
  visit.maxGapMin = table.number(MaxGap, 0, kGapMinMax);
  if (visit.afterRef.empty() && (visit.minGapMin != 0 || visit.maxGapMin))
    table.fault(After, "EMPTY", "A gap needs the visit that must come before.");
  else if (visit.maxGapMin && *visit.maxGapMin < visit.minGapMin)
    table.fault(MaxGap, "OUT_OF_RANGE", "The longest gap is shorter than the shortest.");
}

// Reads who cancelled a visit and when, for cancelled visits that the file still contains.
void Reader::readCancellation(RotaTable& table, RotaVisit& visit) {
  constexpr std::string_view kCallers[] = {"person", "council", "provider"};
  const std::string by = columnName(table.raw(CancelledBy));
  const auto at = table.time(CancelledAt);
  visit.cancelled = !by.empty();
  if (visit.cancelled &&
      std::find(std::begin(kCallers), std::end(kCallers), by) == std::end(kCallers))
    table.fault(CancelledBy, "NOT_IN_LIST",
                fmt::format("{} is none of person, council and provider.",
                            quoteValue(table.raw(CancelledBy))));
  else if (visit.cancelled && table.raw(CancelledAt).empty())
    table.fault(CancelledAt, "EMPTY",
                "A cancelled visit needs the time at which it was cancelled.");
  else if (at && !visit.cancelled)
    table.fault(CancelledBy, "EMPTY", "Say who cancelled the visit: person, council or provider.");
}

RotaVisit Reader::readVisitFields(RotaTable& table, std::uint32_t carersRequired) {
  RotaVisit visit;
  visit.line = table.line();
  visit.ref = table.ref(Visit, true);
  visit.person = find(table, Person, people_);
  if (table.raw(Person).empty())
    table.fault(Person, "EMPTY", "A visit needs a person.");
  const auto fold = table.number(Fold, 0, 1);
  const auto start = table.time(Start, fold);
  const auto end = table.time(End, fold, start);
  visit.windowStartUnixMs = start.value_or(0);
  visit.windowEndUnixMs = end.value_or(0);
  if (start && end && *end < *start)
    table.fault(End, "ENDS_BEFORE_START", "The window ends before it starts.");
  else if (start && end && *end - *start > kWindowMsMax)
    table.fault(End, "OUT_OF_RANGE", "The window is longer than 48 hours.");
  visit.durationMin = table.number(Duration, 1, kDurationMinMax).value_or(0);
  visit.timeCritical = table.yesNo(Critical);
  readAfter(table, visit);
  readCancellation(table, visit);
  const std::string changedBy = oneOf(table, ChangedBy, {"office", "person", "council"});
  if (changedBy == "person")
    visit.changedBy = visits::WantedBy::Person;
  else if (changedBy == "council")
    visit.changedBy = visits::WantedBy::Council;
  // The change was requested by whoever cancelled the visit, unless the file names somebody else.
  if (changedBy.empty() && visit.cancelled)
    visit.changedBy = wantedBy(columnName(table.raw(CancelledBy)));
  visit.carers.assign(carersRequired, kNobody);
  visit.services.assign(carersRequired, table.ref(Service, true));
  return visit;
}

void Reader::readVisitRow(RotaTable& table) {
  const auto required = table.number(Required, 1, kCarersRequiredMax);
  const auto slot = table.number(Slot, 1, kCarersRequiredMax);
  if (required && slot && *slot > *required)
    table.fault(Slot, "OUT_OF_RANGE",
                fmt::format("Slot {} of a visit that needs {} carers.", *slot, *required));
  RotaVisit row = readVisitFields(table, required.value_or(1));
  const std::uint32_t carer = find(table, Carer, carers_);
  if (row.ref.empty())
    return;
  const auto [place, isNew] =
      visits_.emplace(row.ref, static_cast<std::uint32_t>(rota_.visits.size()));
  // The first row of a visit is added even if it has faults, so that rows that name the visit are
  // not reported as well; all its slots then count as seen.
  if (isNew) {
    if (!table.rowOk())
      row.slotsSeen = ~0U;
    rota_.visits.push_back(std::move(row));
    if (table.rowOk())
      takeSlot(table, rota_.visits.back(), *slot, carer);
    return;
  }
  RotaVisit& first = rota_.visits[place->second];
  if (!table.rowOk())
    first.slotsSeen = ~0U;
  if (first.slotsSeen == ~0U)
    return;
  compareSlots(table, first, row);
  if (table.rowOk()) {
    first.services[*slot - 1] = row.services.front();
    takeSlot(table, first, *slot, carer);
  } else {
    first.slotsSeen = ~0U;
  }
}

// Rows of one visit must agree in all columns except slot, carer and service.
void Reader::compareSlots(RotaTable& table, const RotaVisit& first, const RotaVisit& row) {
  const auto disagree = [&](std::size_t column, bool same) {
    if (!same)
      table.fault(
          column, "ROWS_DISAGREE",
          fmt::format("Visit {} says something else in line {}.", quoteValue(row.ref), first.line));
  };
  disagree(Person, first.person == row.person);
  disagree(Required, first.carers.size() == row.carers.size());
  disagree(Start, first.windowStartUnixMs == row.windowStartUnixMs);
  disagree(End, first.windowEndUnixMs == row.windowEndUnixMs);
  disagree(Duration, first.durationMin == row.durationMin);
  disagree(After, first.afterRef == row.afterRef);
  disagree(MinGap, first.minGapMin == row.minGapMin);
  disagree(MaxGap, first.maxGapMin == row.maxGapMin);
  disagree(Critical, first.timeCritical == row.timeCritical);
  disagree(CancelledBy, first.cancelled == row.cancelled);
  disagree(ChangedBy, first.changedBy == row.changedBy);
}

void Reader::takeSlot(RotaTable& table, RotaVisit& visit, std::uint32_t slot, std::uint32_t carer) {
  const std::uint32_t bit = 1U << (slot - 1);
  if (visit.slotsSeen & bit)
    return table.fault(
        Slot, "DUPLICATE_ID",
        fmt::format("Visit {} has slot {} in an earlier line too.", quoteValue(visit.ref), slot));
  if (carer != kNobody &&
      std::find(visit.carers.begin(), visit.carers.end(), carer) != visit.carers.end())
    return table.fault(Carer, "SAME_CARER_TWICE", "She has another slot of this visit.");
  visit.slotsSeen |= bit;
  visit.carers[slot - 1] = carer;
}

// Called after all rows are read: a visit may follow one that is in a later row.
void Reader::resolveAfter() {
  for (RotaVisit& visit : rota_.visits) {
    if (visit.afterRef.empty())
      continue;
    const auto found = visits_.find(visit.afterRef);
    if (found != visits_.end())
      visit.after = found->second;
    else
      faults_.add({"visits.csv", visit.line, "after_visit_ref", "UNKNOWN_REFERENCE",
                   fmt::format("{} is not a visit of this file.", quoteValue(visit.afterRef))});
  }
}

Rota Reader::read() {
  readContracts();
  readPeople();
  readCarers();
  readTasks();
  readVisits();
  checkVisits(rota_, faults_);
  return std::move(rota_);
}

}  // namespace

Rota readRota(const RotaFiles& files, FaultList& faults) { return Reader(files, faults).read(); }

}  // namespace doorstep::roster
