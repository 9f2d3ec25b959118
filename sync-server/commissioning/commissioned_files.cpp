// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commissioning/commissioned_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "shared/core/decimal.h"
#include "shared/visits/measures/visit_facts.h"
#include "sync-server/commissioning/commissioned_values.h"
#include "sync-server/commissioning/limits.h"
#include "sync-server/roster/limits.h"
#include "sync-server/roster/rota/rota_table.h"
#include "sync-server/roster/rota/rota_values.h"

namespace doorstep::commissioning {
namespace {

using roster::ColumnSpec;
using roster::FaultList;
using roster::RotaTable;

template <typename List>
std::string oneOf(RotaTable& table, std::size_t column, const List& list) {
  std::vector<std::string> words;
  for (const std::string_view word : list)
    if (!word.empty())
      words.emplace_back(word);
  return roster::oneOf(table, column, words);
}

// A day that the row must say.
std::int64_t neededDay(RotaTable& table, std::size_t column) {
  const auto day = table.day(column);
  if (!day && table.raw(column).empty())
    table.fault(column, "EMPTY", "A day is needed here, such as 2026-11-23.");
  return day.value_or(0);
}

void checkUntil(RotaTable& table, std::size_t column, std::int64_t from,
                const std::optional<std::int64_t>& until) {
  if (until && *until < from)
    table.fault(column, "ENDS_BEFORE_START", "It ends before it begins.");
}

void fault(RotaTable& table, std::size_t column, const Status& checked) {
  if (!checked.ok() && table.rowOk())
    table.fault(column, checked.error().reason.c_str(),
                fmt::format("The line does not fit: {}.", checked.error().text));
}

void readCouncils(std::istream& input, Commissioned& to, FaultList& faults) {
  enum Column { Name, BodyKind };
  static constexpr ColumnSpec kColumns[] = {{"council", true}, {"kind", true}};
  RotaTable table("councils.csv", input, kColumns, kSmallFileRowsMax, faults, to.notes);
  std::set<std::string> names;
  while (table.nextRow()) {
    FileCommissioner row;
    row.line = table.line();
    row.name = table.text(Name, roster::kNameBytesMax, true);
    row.commissioner.set_kind(roster::oneOf(table, BodyKind, {"council", "health"}));
    fault(table, BodyKind, checkCommissioner(row.commissioner));
    if (table.rowOk() && !names.insert(row.name).second)
      table.fault(Name, "DUPLICATE_ID", "The council stands in an earlier line too.");
    if (table.rowOk())
      to.commissioners.push_back(std::move(row));
  }
  table.finish();
}

// Empty: none, or none that may be kept, which is a fault.
std::string readOutline(RotaTable& table, std::size_t column) {
  std::string outline = table.text(column, kOutlineBytesMax, false, true);
  if (!outline.empty())
    fault(table, column, checkOutline(outline));
  return outline;
}

void readLots(std::istream& input, Commissioned& to, FaultList& faults) {
  enum Column { Contract, Lot, PatchName, Rurality, Outline, PatchOutline, From, Correction };
  static constexpr ColumnSpec kColumns[] = {{"contract_ref", true},
                                            {"lot", true},
                                            {"patch", true, true},
                                            {"rurality", false},
                                            {"outline_geojson", false},
                                            {"patch_outline_geojson", false},
                                            {"from", false},
                                            {"correction_reason", false}};
  RotaTable table("lots.csv", input, kColumns, kSmallFileRowsMax, faults, to.notes);
  std::map<std::tuple<std::string, std::string, std::int64_t>, std::size_t> places;
  std::map<std::pair<std::string, std::string>, bool> withDay;
  while (table.nextRow()) {
    FileLot row;
    row.line = table.line();
    row.contractRef = table.ref(Contract, true);
    row.lot = table.ref(Lot, true);
    row.fromDay = table.day(From);
    row.correction = roster::readCorrection(table, From, Correction);
    v1::Patch patch;
    patch.set_name(table.ref(PatchName, false));
    patch.set_rurality(oneOf(table, Rurality, measures::kRuralities));
    const std::string outline = readOutline(table, Outline);
    patch.set_outline_geojson(readOutline(table, PatchOutline));
    if (patch.name().empty() && !patch.outline_geojson().empty())
      table.fault(PatchName, "EMPTY", "An outline of a patch needs the patch's name.");
    const bool hasDay = row.fromDay.has_value();
    if (table.rowOk() &&
        withDay.try_emplace({row.contractRef, row.lot}, hasDay).first->second != hasDay)
      table.fault(From, "ROWS_DISAGREE",
                  "Another line of the lot says a first day, or says none. Say it in each.");
    if (!table.rowOk())
      continue;
    const auto [place, isNew] = places.emplace(
        std::tuple(row.contractRef, row.lot, row.fromDay.value_or(0)), to.lots.size());
    if (isNew)
      to.lots.push_back(row);
    FileLot& lot = to.lots[place->second];
    if ((!isNew && lot.correction != row.correction) ||
        (!outline.empty() && !lot.description.outline_geojson().empty()))
      table.fault(
          Lot, "ROWS_DISAGREE",
          fmt::format("The lot has another reason or a second outline; its first line is {}.",
                      lot.line));
    if (!outline.empty())
      lot.description.set_outline_geojson(outline);
    if (!patch.name().empty())
      *lot.description.add_patches() = std::move(patch);
    fault(table, PatchName, checkPatches(lot.description));
  }
  table.finish();
}

// "s14;s5".
void readServices(const std::string& text, v1::Package& package) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find(';', at), text.size());
    if (end > at)
      package.add_services(text.substr(at, end - at));
    at = end + 1;
  }
}

enum PackageColumn {
  Person,
  ServiceKind,
  Minutes,
  From,
  Until,
  Model,
  Purchase,
  ArrangedBy,
  PatchOf,
  Tier,
  Funder,
  ShortAgreed,
  ShortBasis,
  Services,
  PauseReason,
  PauseFrom,
  PauseUntil,
  Correction
};
constexpr ColumnSpec kPackageColumns[] = {{"person_ref", true},
                                          {"service_kind", true},
                                          {"week_minutes", true},
                                          {"from", true},
                                          {"until", false},
                                          {"model", false},
                                          {"purchase", false},
                                          {"arranged_by", false},
                                          {"patch", false},
                                          {"tier", false},
                                          {"funder_split", false},
                                          {"short_visit_agreed", false},
                                          {"short_visit_basis", false},
                                          {"services", false},
                                          {"suspended_reason", false},
                                          {"suspended_from", false},
                                          {"suspended_until", false},
                                          {"correction_reason", false}};

// A pause belongs to its line's package: outside it would suspend another, or none.
void checkPauseWithin(RotaTable& table, const FilePackage& row) {
  if (!row.pause || !table.rowOk())
    return;
  const FilePause& pause = *row.pause;
  const bool within = pause.fromDay >= row.fromDay &&
                      (!row.untilDay || (pause.untilDay && *pause.untilDay <= *row.untilDay));
  if (!within)
    table.fault(PauseFrom, "PAUSE_OUTSIDE_PACKAGE",
                "The pause has days that the package has not. Say in suspended_from and "
                "suspended_until days from its first to its last.");
}

std::optional<FilePause> readPause(RotaTable& table) {
  const std::string reason = oneOf(table, PauseReason, measures::kSuspensions);
  const auto from = table.day(PauseFrom);
  const auto until = table.day(PauseUntil);
  if (table.raw(PauseReason).empty()) {
    if (from || until)
      table.fault(PauseReason, "EMPTY", "A pause needs its reason.");
    return std::nullopt;
  }
  FilePause pause;
  pause.fromDay = neededDay(table, PauseFrom);
  pause.untilDay = until;
  checkUntil(table, PauseUntil, pause.fromDay, until);
  pause.pause.set_reason(reason);
  return pause;
}

FilePackage readPackage(RotaTable& table) {
  FilePackage row;
  row.line = table.line();
  row.personRef = table.ref(Person, true);
  row.fromDay = neededDay(table, From);
  row.untilDay = table.day(Until);
  checkUntil(table, Until, row.fromDay, row.untilDay);
  v1::Package& package = row.package;
  package.set_service_kind(oneOf(table, ServiceKind, measures::kServiceKinds));
  if (table.raw(ServiceKind).empty())
    table.fault(ServiceKind, "EMPTY", "A value is needed here.");
  package.set_week_minutes(table.number(Minutes, 0, kWeekMinutesMax).value_or(0));
  package.set_model(oneOf(table, Model, measures::kCareModels));
  package.set_purchase(oneOf(table, Purchase, measures::kPurchases));
  package.set_arranged_by(oneOf(table, ArrangedBy, measures::kArrangedBy));
  package.set_patch(table.ref(PatchOf, false));
  package.set_short_visit_basis(oneOf(table, ShortBasis, measures::kShortVisitBases));
  package.set_short_visit_agreed(table.yesNo(ShortAgreed));
  readServices(table.text(Services, roster::kCorrectionBytesMax, false), package);
  row.tier = table.ref(Tier, false);
  row.funderSplit = table.text(Funder, roster::kNameBytesMax, false);
  if (!row.funderSplit.empty() && !roster::isFunderSplit(row.funderSplit))
    table.fault(Funder, "FUNDER_FORMAT",
                fmt::format("{} does not say who pays which share of 10000. Write it as "
                            "council=7000;health=3000.",
                            roster::quoteValue(row.funderSplit)));
  row.pause = readPause(table);
  checkPauseWithin(table, row);
  row.correction = table.text(Correction, roster::kCorrectionBytesMax, false);
  fault(table, ShortBasis, checkPackage(package));
  return row;
}

// Two packages of one person and kind on one day: which one holds?
void checkOverlaps(const std::vector<FilePackage>& packages, FaultList& faults) {
  std::vector<const FilePackage*> rows;
  for (const FilePackage& row : packages)
    rows.push_back(&row);
  const auto key = [](const FilePackage* row) {
    return std::tie(row->personRef, row->package.service_kind(), row->fromDay, row->line);
  };
  std::sort(rows.begin(), rows.end(),
            [&](const FilePackage* a, const FilePackage* b) { return key(a) < key(b); });
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const FilePackage& before = *rows[i - 1];
    const FilePackage& row = *rows[i];
    const bool same = before.personRef == row.personRef &&
                      before.package.service_kind() == row.package.service_kind();
    if (same && (!before.untilDay || *before.untilDay >= row.fromDay))
      faults.add({"packages.csv", row.line, "from", "PACKAGES_OVERLAP",
                  fmt::format("{} has a package of {} in line {} that has not ended by then. Say "
                              "in `until` when that one ends.",
                              roster::quoteValue(row.personRef), row.package.service_kind(),
                              before.line)});
  }
}

void readPackages(std::istream& input, Commissioned& to, FaultList& faults) {
  RotaTable table("packages.csv", input, kPackageColumns, kPackageRowsMax, faults, to.notes);
  while (table.nextRow()) {
    FilePackage row = readPackage(table);
    if (table.rowOk())
      to.packages.push_back(std::move(row));
  }
  table.finish();
  checkOverlaps(to.packages, faults);
}

// "4.5" as 450; nullopt: no such number.
std::optional<std::int32_t> hundredths(std::string_view text) {
  const bool isNegative = !text.empty() && text.front() == '-';
  if (isNegative)
    text.remove_prefix(1);
  const std::size_t point = std::min(text.find_first_of(".,"), text.size());
  std::string fraction(text.substr(std::min(point + 1, text.size())));
  if (fraction.size() > 2)
    return std::nullopt;
  fraction.resize(2, '0');
  const auto whole = parseDecimal(text.substr(0, point));
  const auto part = parseDecimal(fraction);
  if (!whole || !part || *whole > 100)
    return std::nullopt;
  const auto value = static_cast<std::int32_t>(*whole * 100 + *part);
  return isNegative ? -value : value;
}

void readRates(std::istream& input, Commissioned& to, FaultList& faults) {
  enum Column { Contract, RateKind, DayKind, RateFrom, Pence, Uplift, Why };
  static constexpr ColumnSpec kColumns[] = {
      {"contract_ref", true},      {"service_kind", true, true},
      {"day_kind", true},          {"from", true},
      {"pence_per_hour", false},   {"uplift_percent", false},
      {"correction_reason", false}};
  RotaTable table("rates.csv", input, kColumns, kSmallFileRowsMax, faults, to.notes);
  std::set<std::tuple<std::string, std::string, std::string, std::int64_t>> keys;
  while (table.nextRow()) {
    FileRate row;
    row.line = table.line();
    row.contractRef = table.ref(Contract, true);
    row.serviceKind = oneOf(table, RateKind, measures::kServiceKinds);
    row.dayKind =
        roster::oneOf(table, DayKind, {"weekday", "saturday", "sunday", "bank_holiday", "uplift"});
    row.fromDay = neededDay(table, RateFrom);
    row.correction = table.text(Why, roster::kCorrectionBytesMax, false);
    const bool isUplift = row.dayKind == "uplift";
    if (table.raw(isUplift ? Uplift : Pence).empty())
      table.fault(isUplift ? Uplift : Pence, "EMPTY", "A number is needed here.");
    row.rate.set_pence_per_hour(table.number(Pence, 0, kPencePerHourMax).value_or(0));
    const auto uplift = table.raw(Uplift).empty() ? 0 : hundredths(table.raw(Uplift));
    if (!uplift)
      table.fault(
          Uplift, "NOT_A_NUMBER",
          fmt::format("{} is no per cent, such as 4.25.", roster::quoteValue(table.raw(Uplift))));
    row.rate.set_uplift_bp(uplift.value_or(0));
    fault(table, DayKind, checkRate(row.serviceKind, row.dayKind, row.rate));
    if (table.rowOk() &&
        !keys.emplace(row.contractRef, row.serviceKind, row.dayKind, row.fromDay).second)
      table.fault(RateFrom, "DUPLICATE_ID", "An earlier line says what holds from this day.");
    if (table.rowOk())
      to.rates.push_back(std::move(row));
  }
  table.finish();
}

}  // namespace

Commissioned readCommissioned(const CommissionedFiles& files, FaultList& faults) {
  Commissioned read;
  if (files.councils != nullptr)
    readCouncils(*files.councils, read, faults);
  if (files.lots != nullptr)
    readLots(*files.lots, read, faults);
  if (files.packages != nullptr)
    readPackages(*files.packages, read, faults);
  if (files.rates != nullptr)
    readRates(*files.rates, read, faults);
  return read;
}

void giveTerms(const Commissioned& commissioned, roster::Rota& rota, FaultList& faults) {
  std::unordered_map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < rota.people.size(); ++i)
    places.emplace(rota.people[i].ref, i);
  // The package with the latest first day says it.
  std::map<std::size_t, const FilePackage*> newest;
  for (const FilePackage& row : commissioned.packages) {
    if (row.tier.empty() && row.funderSplit.empty())
      continue;
    const auto place = places.find(row.personRef);
    if (place == places.end()) {
      faults.add({"packages.csv", row.line, "person_ref", "TERMS_NEED_PERSON",
                  "Tier and funders are taken of people who stand in people.csv. Add the person "
                  "there, or leave both out."});
      continue;
    }
    const FilePackage*& known = newest[place->second];
    if (known != nullptr && known->fromDay == row.fromDay &&
        (known->tier != row.tier || known->funderSplit != row.funderSplit))
      faults.add({"packages.csv", row.line, "tier", "TERMS_DISAGREE",
                  fmt::format("Line {} gives the person another tier or other funders from the "
                              "same day on.",
                              known->line)});
    if (known == nullptr || row.fromDay > known->fromDay)
      known = &row;
  }
  for (const auto& [place, row] : newest) {
    roster::RotaPerson& person = rota.people[place];
    const auto give = [&](std::string& to, const std::string& from, const char* column) {
      if (!from.empty() && !to.empty() && to != from)
        faults.add({"packages.csv", row->line, column, "TERMS_DISAGREE",
                    fmt::format("people.csv says something else in line {}.", person.line)});
      else if (to.empty())
        to = from;
    };
    give(person.tier, row->tier, "tier");
    give(person.funderSplit, row->funderSplit, "funder_split");
  }
}

}  // namespace doorstep::commissioning
