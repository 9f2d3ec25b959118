// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/figures/month_figures.h"

#include <algorithm>
#include <set>

#include "shared/core/local_time.h"
#include "shared/crypto/sha256.h"
#include "shared/visits/measure_files/json_value.h"
#include "shared/visits/measure_files/measures_json.h"
#include "sync-server/event_log/contacts.h"
#include "sync-server/event_log/log_tables.h"
#include "sync-server/identity/device_registry.h"
#include "sync-server/records/figures/measure_messages.h"
#include "sync-server/records/figures/measure_reading.h"
#include "sync-server/roster/roster_store.h"

namespace doorstep::records {
namespace {

using measures::ClassifiedVisit;
using measures::DayNumber;

// A service day may end this late on the next one (measures::Rules::serviceDayStartMin is at most
// 11:59): whatever the rules say, the month is over then.
constexpr int kServiceDayEndsMin = 12 * 60;

// Of each carer the phone that was heard last and is not out of use.
using PhoneOfCarer = std::map<std::pair<ProviderId, CarerId>, event_log::DeviceContact>;

Result<PhoneOfCarer> phonesOf(sql::Database& database, const roster::Contract& contract) {
  PhoneOfCarer phones;
  for (const roster::ContractParty& party : contract.providers) {
    DOORSTEP_ASSIGN(const auto revoked, identity::revokedDevices(database, party.provider));
    DOORSTEP_ASSIGN(const auto contacts, event_log::readContacts(database, party.provider));
    for (const event_log::DeviceContact& contact : contacts) {
      if (!contact.carer || revoked.contains(contact.device))
        continue;
      auto [place, isNew] = phones.try_emplace({party.provider, contact.carer}, contact);
      if (!isNew && contact.heardUnixMs > place->second.heardUnixMs)
        place->second = contact;
    }
  }
  return phones;
}

// Whether something may still come of the slot: it lacks a start or an end.
bool isUnfinished(const measures::SlotFacts& slot) {
  return !slot.noEntryMs && (!slot.start.ruledMs || !slot.end.ruledMs);
}

bool isCalledOff(const ClassifiedVisit& visit) {
  return visit.exclusion == measures::Exclusion::Cancelled ||
         visit.exclusion == measures::Exclusion::Suspended;
}

// The visits of the month with an unfinished slot whose carer's phone is silent since.
void findSilent(const std::vector<const ClassifiedVisit*>& visits, const PhoneOfCarer& phones,
                const std::map<std::string, ProviderId>& providers, MonthReading& month) {
  std::map<std::pair<ProviderId, DeviceId>, SilentPhone> silent;
  for (const ClassifiedVisit* visit : visits) {
    if (!visit->basis || isCalledOff(*visit))
      continue;
    const ProviderId provider = providers.at(visit->facts->provider);
    std::set<DeviceId> ofVisit;
    for (const measures::SlotFacts& slot : visit->facts->slots) {
      const auto phone = phones.find({provider, carerNamed(slot.carer)});
      if (!isUnfinished(slot) || phone == phones.end() ||
          phone->second.heardUnixMs >= visit->basis->endMs)
        continue;
      const event_log::DeviceContact& contact = phone->second;
      SilentPhone& found = silent[{provider, contact.device}];
      found = {provider, contact.device, contact.carer, contact.heardUnixMs, found.visits};
      if (ofVisit.insert(contact.device).second)
        ++found.visits;
    }
    month.figures.visitsSilent += ofVisit.empty() ? 0 : 1;
  }
  for (const auto& [key, phone] : silent)
    month.silent.push_back(phone);
}

Status readLogs(sql::Database& database, const roster::Contract& contract,
                freezes::MonthFigures& figures) {
  DOORSTEP_ASSIGN(const auto logs, event_log::readLogs(database));
  for (const roster::ContractParty& party : contract.providers) {
    visits::FrozenLog log{party.provider, 0, crypto::sha256("")};  // RFC 6962: of no entry
    for (const auto& [provider, head] : logs)
      if (provider == party.provider)
        log = {provider, head.size, head.root};
    figures.logs.push_back(log);
  }
  return kDone;
}

// Versions that class the month's visits; those around it, which are read too, do not count.
std::vector<std::uint32_t> versionsOf(const std::vector<const ClassifiedVisit*>& visits) {
  std::set<std::uint32_t> versions;
  for (const ClassifiedVisit* visit : visits)
    if (visit->version != nullptr)
      versions.insert(static_cast<std::uint32_t>(visit->version->number));
  return {versions.begin(), versions.end()};
}

Error damaged(const char* text) { return {ErrorCode::DataLoss, "FREEZE_DAMAGED", text}; }

}  // namespace

Result<MonthDays> daysOfMonth(const std::string& month) {
  const auto first = measures::parseDay(month + "-01");
  if (!first)
    return Error{ErrorCode::InvalidArgument, "MONTH_FORMAT", "a month is written 2026-11"};
  MonthDays days{*first, *first};
  while (measures::dayText(days.last + 1).starts_with(month + "-"))
    ++days.last;
  return days;
}

std::int64_t monthEndsUnixMs(const MonthDays& days) {
  return measures::clockToUtcMs(days.last + 1, kServiceDayEndsMin);
}

Result<MonthReading> readMonth(const Reading& reading, ContractId contract,
                               const std::string& month) {
  DOORSTEP_ASSIGN(const MonthDays days, daysOfMonth(month));
  if (reading.nowUnixMs < monthEndsUnixMs(days))
    return Error{ErrorCode::FailedPrecondition, "MONTH_NOT_OVER",
                 "its last service day ends at noon of the day after it"};
  v1::MeasureFilter filter;
  filter.set_contract_id(contract.value);
  filter.set_first_day(measures::dayText(days.first));
  filter.set_last_day(measures::dayText(days.last));
  DOORSTEP_ASSIGN(const auto measured, MeasureReading::open(reading, filter, {}));
  const measures::Recomputation& recomputation = measured->recomputation();
  const auto group = recomputation.groups().find({});
  if (group == recomputation.groups().end() || group->second.visits.empty())
    return Error{ErrorCode::FailedPrecondition, "MONTH_EMPTY", "the contract has no visit then"};
  MonthReading found;
  found.figures.contract = contract;
  found.figures.contractRef = measured->contract().ref;
  found.figures.month = month;
  found.figures.asOfUnixMs = reading.nowUnixMs;
  found.figures.visits = group->second.visits.size();
  found.figures.ruleVersions = versionsOf(group->second.visits);
  measure_files::FileCounts counts;
  for (const ClassifiedVisit& visit : recomputation.visits())
    counts.rows += static_cast<std::int64_t>(visit.facts->slots.size());
  const measures::MeasureQuery query{{}, days.first, days.last};
  DOORSTEP_ASSIGN(found.figures.measures,
                  measure_files::measuresJson(recomputation, query, counts));
  DOORSTEP_TRY(readLogs(reading.database, measured->contract(), found.figures));
  std::map<std::string, ProviderId> providers;
  DOORSTEP_ASSIGN(const auto known, roster::providers(reading.database));
  for (const roster::Provider& provider : known)
    providers.emplace(provider.name, provider.id);
  DOORSTEP_ASSIGN(const auto phones, phonesOf(reading.database, measured->contract()));
  findSilent(group->second.visits, phones, providers, found);
  return found;
}

Result<Hash> monthFileHash(const Reading& reading, ContractId contract, const MonthDays& days) {
  v1::RecordFilter message;
  message.set_contract_id(contract.value);
  message.set_first_day(measures::dayText(days.first));
  message.set_last_day(measures::dayText(days.last + 1));
  DOORSTEP_ASSIGN(const auto filter, readFilter(message));
  crypto::Sha256 hash;
  std::optional<RecordPlace> after;
  do {
    DOORSTEP_TRY(reading.database.goOn());
    DOORSTEP_ASSIGN(const auto piece, exportPiece(reading, filter, after));
    hash.add(piece.text);
    after = piece.next;
  } while (after);
  return hash.hash();
}

Result<std::map<std::string, KeptFigure>> keptFigures(const std::string& measuresJson) {
  const auto root = measure_files::readJson(measure_files::asTextFile("measures", measuresJson));
  if (!root.ok())
    return damaged("the kept figures are no JSON");
  const auto* groups = root->member("groups");
  if (groups == nullptr || groups->items.size() != 1)
    return damaged("the kept figures are not of one group");
  const auto* all = groups->items.front().member("measures");
  if (all == nullptr)
    return damaged("the kept figures have no measures");
  std::map<std::string, KeptFigure> found;
  for (std::size_t i = 0; i < all->names.size(); ++i) {
    const auto* numerator = all->items[i].member("numerator");
    const auto* denominator = all->items[i].member("denominator");
    if (numerator == nullptr || denominator == nullptr)
      return damaged("a kept figure has no numerator or denominator");
    found.emplace(all->names[i], KeptFigure{numerator->text, denominator->text});
  }
  return found;
}

}  // namespace doorstep::records
