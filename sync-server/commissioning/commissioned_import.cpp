// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commissioning/commissioned_import.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "shared/core/local_time.h"
#include "sync-server/commissioning/begun_days.h"
#include "sync-server/commissioning/commissioning_writer.h"
#include "sync-server/commissioning/ordered_change.h"
#include "sync-server/roster/person_terms.h"
#include "sync-server/roster/provider_setup.h"
#include "sync-server/roster/roster_store.h"

namespace doorstep::commissioning {
namespace {

// Where a row stands, for its faults.
struct Place {
  const char* file;
  std::uint64_t line;
  const char* column;  // that names what is referred to
};

// Rows of a file by their first day, each with the day before the next one of its key: one that has
// no end of its own leaves the later ones in place, so that the same file again changes nothing.
template <class Row>
struct RowUntilNext {
  const Row* row = nullptr;
  std::int64_t lastDay = kNoLastDay;
};
template <class Row, class DayOf, class KeyOf>
std::vector<RowUntilNext<Row>> byFirstDay(const std::vector<Row>& rows, const DayOf& dayOf,
                                          const KeyOf& keyOf) {
  std::vector<RowUntilNext<Row>> sorted;
  for (const Row& row : rows)
    sorted.push_back({&row});
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](const auto& a, const auto& b) { return dayOf(*a.row) < dayOf(*b.row); });
  std::map<std::string, std::int64_t> next;
  for (auto each = sorted.rbegin(); each != sorted.rend(); ++each) {
    const auto [known, isLast] = next.try_emplace(keyOf(*each->row), dayOf(*each->row));
    if (!isLast)
      each->lastDay = std::exchange(known->second, dayOf(*each->row)) - 1;
  }
  return sorted;
}

class Importer {
 public:
  Importer(sql::Database& database, ProviderId provider, const Commissioned& files,
           CommissioningWriter writer, BegunDays begun, roster::FaultList& faults)
      : database_(database),
        provider_(provider),
        files_(files),
        writer_(std::move(writer)),
        begun_(std::move(begun)),
        faults_(faults) {}

  Status putCommissioners(const Clock& clock, IdSource& ids);
  Status putLots();
  Status putPackages();
  Status putRates();
  Result<CommissionedSummary> finish() {
    DOORSTEP_ASSIGN(summary_.version, writer_.finish());
    return summary_;
  }

 private:
  Status change(CommissionedRow row, const Place& place, std::int64_t lastDay = kNoLastDay);
  Result<const roster::Contract*> contract(const std::string& ref, const Place& place);
  Status putPackage(const FilePackage& row, PersonId person);

  sql::Database& database_;
  const ProviderId provider_;
  const Commissioned& files_;
  CommissioningWriter writer_;
  BegunDays begun_;
  roster::FaultList& faults_;
  std::optional<std::vector<roster::Contract>> contracts_;
  CommissionedSummary summary_;
};

Status Importer::change(CommissionedRow row, const Place& place, std::int64_t lastDay) {
  const PersonId person(
      row.key.kind == Kind::Package || row.key.kind == Kind::Pause ? row.key.subject : 0);
  const std::int64_t from = row.fromDay;
  DOORSTEP_ASSIGN(const Changed changed,
                  changeRow(database_, provider_, writer_, begun_, std::move(row), lastDay));
  if (changed == Changed::NeedsReason) {
    DOORSTEP_ASSIGN(const std::int64_t free, begun_.firstFree(person));
    faults_.add(
        {place.file, place.line, "from", "FROM_PAST",
         fmt::format("Visits have begun since {} under what held then, and stay there. Give "
                     "{} or a later day, or say in correction_reason why it was otherwise.",
                     londonDay(londonDayBeginUnixMs(from)),
                     londonDay(londonDayBeginUnixMs(free)))});
  }
  ++(changed == Changed::Yes ? summary_.changed : summary_.same);
  return kDone;
}

Status Importer::putCommissioners(const Clock& clock, IdSource& ids) {
  for (const FileCommissioner& row : files_.commissioners) {
    DOORSTEP_ASSIGN(const CouncilId council,
                    roster::ensureCouncil(database_, row.name, clock, ids));
    DOORSTEP_TRY(change({{Kind::Commissioner, council.value, ""},
                         begun_.today(),
                         {},
                         row.commissioner.SerializeAsString()},
                        {"councils.csv", row.line, "council"}));
  }
  return kDone;
}

// Null: a fault was added.
Result<const roster::Contract*> Importer::contract(const std::string& ref, const Place& place) {
  if (!contracts_) {
    DOORSTEP_ASSIGN(contracts_, roster::contractsOfProvider(database_, provider_));
  }
  for (const roster::Contract& each : *contracts_)
    if (each.ref == ref)
      return &each;
  faults_.add({place.file, place.line, place.column, "UNKNOWN_REFERENCE",
               fmt::format("{} is no contract of this provider. Name it in contracts.csv.",
                           roster::quoteValue(ref))});
  return static_cast<const roster::Contract*>(nullptr);
}

Status Importer::putLots() {
  const auto lots = byFirstDay(
      files_.lots, [](const FileLot& lot) { return lot.fromDay.value_or(roster::kFromAlways); },
      [](const FileLot& lot) { return lot.contractRef + '\n' + lot.lot; });
  for (const auto& [lot, lastDay] : lots) {
    const FileLot& row = *lot;
    Place place{"lots.csv", row.line, "contract_ref"};
    DOORSTEP_ASSIGN(const roster::Contract* of, contract(row.contractRef, place));
    if (of == nullptr)
      continue;
    if (std::find(of->lots.begin(), of->lots.end(), row.lot) == of->lots.end()) {
      faults_.add({place.file, place.line, "lot", "UNKNOWN_REFERENCE",
                   fmt::format("{} is no lot of the contract. Name it in contracts.csv.",
                               roster::quoteValue(row.lot))});
      continue;
    }
    std::int64_t from = row.fromDay.value_or(roster::kFromAlways);
    if (!row.fromDay) {
      DOORSTEP_ASSIGN(const bool begun, begun_.needsReason(from, PersonId()));
      DOORSTEP_ASSIGN(const std::int64_t free, begun_.firstFree(PersonId()));
      from = begun ? free : from;
    }
    DOORSTEP_TRY(change({{Kind::Lot, of->id.value, row.lot},
                         from,
                         {},
                         row.description.SerializeAsString(),
                         row.correction},
                        place, lastDay));
  }
  return kDone;
}

Status Importer::putPackage(const FilePackage& row, PersonId person) {
  const Place place{"packages.csv", row.line, "person_ref"};
  DOORSTEP_TRY(change({{Kind::Package, person.value, row.package.service_kind()},
                       row.fromDay,
                       row.untilDay,
                       row.package.SerializeAsString(),
                       row.correction},
                      place));
  if (!row.pause)
    return kDone;
  return change({{Kind::Pause, person.value, row.package.service_kind()},
                 row.pause->fromDay,
                 row.pause->untilDay,
                 row.pause->pause.SerializeAsString(),
                 row.correction},
                place);
}

Status Importer::putPackages() {
  // By first day: a later one of the same kind must not be retired by an earlier one.
  std::vector<const FilePackage*> rows;
  for (const FilePackage& row : files_.packages)
    rows.push_back(&row);
  std::stable_sort(rows.begin(), rows.end(), [](const FilePackage* a, const FilePackage* b) {
    return a->fromDay < b->fromDay;
  });
  for (const FilePackage* row : rows) {
    DOORSTEP_ASSIGN(const auto person, roster::personIdByRef(database_, provider_, row->personRef));
    if (!person) {
      faults_.add({"packages.csv", row->line, "person_ref", "UNKNOWN_REFERENCE",
                   fmt::format("{} is nobody of this provider. Name the person in people.csv.",
                               roster::quoteValue(row->personRef))});
      continue;
    }
    DOORSTEP_TRY(putPackage(*row, *person));
  }
  return kDone;
}

Status Importer::putRates() {
  const auto rates = byFirstDay(
      files_.rates, [](const FileRate& rate) { return rate.fromDay; },
      [](const FileRate& rate) {
        return rate.contractRef + '\n' + rate.dayKind + '\n' + rate.serviceKind;
      });
  for (const auto& [row, lastDay] : rates) {
    const Place place{"rates.csv", row->line, "contract_ref"};
    DOORSTEP_ASSIGN(const roster::Contract* of, contract(row->contractRef, place));
    if (of == nullptr)
      continue;
    DOORSTEP_TRY(change({{Kind::Rate, of->id.value, row->dayKind + "/" + row->serviceKind},
                         row->fromDay,
                         {},
                         row->rate.SerializeAsString(),
                         row->correction},
                        place, lastDay));
  }
  return kDone;
}

}  // namespace

Result<CommissionedSummary> importCommissioned(sql::Database& database, ProviderId provider,
                                               const Commissioned& files, const Clock& clock,
                                               IdSource& ids, event_log::OfficeAct& office,
                                               roster::FaultList& faults) {
  DOORSTEP_ASSIGN(auto writer, CommissioningWriter::begin(database, provider, office, ""));
  const std::int64_t now = clock.wallUnixMs();
  auto begun = writer.isFirst() ? BegunDays::whereNothingWasSaid(database, provider, now)
                                : BegunDays(database, provider, now);
  Importer importer(database, provider, files, std::move(writer), std::move(begun), faults);
  DOORSTEP_TRY(importer.putCommissioners(clock, ids));
  DOORSTEP_TRY(importer.putLots());
  DOORSTEP_TRY(importer.putPackages());
  DOORSTEP_TRY(importer.putRates());
  if (!faults.empty())
    return Error{ErrorCode::InvalidArgument, "ROTA_FAULTS",
                 "what is commissioned does not fit the provider's people, contracts or days"};
  return importer.finish();
}

}  // namespace doorstep::commissioning
