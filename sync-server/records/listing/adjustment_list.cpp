// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/listing/adjustment_list.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "shared/core/durations.h"
#include "shared/visits/adjustment_codes.h"
#include "sync-server/identity/accounts.h"
#include "sync-server/records/keeping/facts_codec.h"
#include "sync-server/records/keeping/record_store.h"
#include "sync-server/records/rules/rule_book.h"
#include "sync-server/records/tuning.h"
#include "sync-server/roster/roster_store.h"

namespace doorstep::records {
namespace {

using adjustments::Adjustment;
using adjustments::AdjustmentKind;
using adjustments::AdjustmentPlace;

static_assert(static_cast<int>(AdjustmentKind::Explained) == v1::ADJUSTMENT_KIND_EXPLAINED);
static_assert(static_cast<int>(AdjustmentKind::TimesWithdrawn) ==
              v1::ADJUSTMENT_KIND_TIMES_WITHDRAWN);

// Rows of the store read at a time.
constexpr std::uint32_t kRowsPerRead = 500;

Result<std::optional<measures::DayNumber>> dayOf(const std::string& text) {
  if (text.empty())
    return std::optional<measures::DayNumber>();
  const auto day = measures::parseDay(text);
  if (!day)
    return Error{ErrorCode::InvalidArgument, "DAY_FORMAT", "a day is written 2026-11-23"};
  return day;
}

// An adjustment with what the records have of its slot.
struct Seen {
  Adjustment adjustment;
  bool inForce = false;
  std::optional<VisitRow> visit;  // absent: not judged
  std::string visitRef;
  measures::SlotFacts slot;
  const measures::Rules* rules = nullptr;  // of the visit's day; null: no contract, or no rules
};

const measures::SlotFacts* slotOf(const measures::VisitFacts& facts, std::uint32_t number) {
  const auto found = std::find_if(
      facts.slots.begin(), facts.slots.end(),
      [&](const measures::SlotFacts& slot) { return slot.number == static_cast<int>(number); });
  return found == facts.slots.end() ? nullptr : &*found;
}

// A length that figures know (docs/measures.md, "Times of a slot").
std::optional<std::int64_t> lengthMs(const std::optional<std::int64_t>& start,
                                     const std::optional<std::int64_t>& end, std::int64_t maxMin) {
  if (!start || !end || *end < *start || *end - *start > maxMin * kMinuteMs)
    return std::nullopt;
  return *end - *start;
}

const measures::Rules& rulesOf(const Seen& seen) {
  static const measures::Rules kDefaults;
  return seen.rules == nullptr ? kDefaults : *seen.rules;
}

std::optional<std::int64_t> gainMs(const Seen& seen) {
  const Adjustment& by = seen.adjustment;
  if (by.kind != AdjustmentKind::TimesApproved)
    return std::nullopt;
  const auto& start = seen.slot.start.ruledMs;
  const auto& end = seen.slot.end.ruledMs;
  const std::int64_t maxMin = rulesOf(seen).maxVisitMin;
  const auto ruled = lengthMs(start, end, maxMin);
  const auto adjusted =
      lengthMs(by.startUnixMs ? by.startUnixMs : start, by.endUnixMs ? by.endUnixMs : end, maxMin);
  return ruled && adjusted ? std::optional(*adjusted - *ruled) : std::nullopt;
}

bool isLate(const Seen& seen) {
  const Adjustment& by = seen.adjustment;
  if (by.kind != AdjustmentKind::TimesApproved)
    return false;
  std::optional<std::int64_t> end = by.endUnixMs ? by.endUnixMs : seen.slot.end.ruledMs;
  if (!end)
    end = by.startUnixMs ? by.startUnixMs : seen.slot.start.ruledMs;
  return end && by.madeUnixMs - *end > rulesOf(seen).lateEditH * kHourMs;
}

// Goes through adjustments, the newest first, and shows those that the caller may see and the
// filter chooses.
class AdjustmentWalk {
 public:
  static Result<AdjustmentWalk> open(const Reading& reading, const AdjustmentFilter& filter) {
    DOORSTEP_ASSIGN(auto contracts, roster::contracts(reading.database));
    DOORSTEP_ASSIGN(auto store, RecordStore::open(reading.database));
    DOORSTEP_ASSIGN(auto reader, adjustments::AdjustmentReader::open(reading.database));
    return AdjustmentWalk(reading, filter, std::move(contracts), std::move(store),
                          std::move(reader));
  }

  // take: false ends it. Looks at most at `looked` rows. The place to go on below; nullopt at the
  // end.
  template <typename Take>
  Result<std::optional<AdjustmentPlace>> run(AdjustmentPlace below, std::uint64_t looked,
                                             Take take) {
    if (filter_.visit && filter_.provider)
      return runVisit(take);
    while (true) {
      const auto limit = static_cast<std::uint32_t>(std::min<std::uint64_t>(kRowsPerRead, looked));
      if (limit == 0)
        return std::optional(below);
      DOORSTEP_TRY(reading_.database.goOn());
      DOORSTEP_ASSIGN(const auto rows,
                      adjustments::newestAdjustments(reading_.database, below, limit));
      for (const Adjustment& row : rows) {
        DOORSTEP_ASSIGN(const auto seen, look(row));
        if (seen && !take(*seen))
          return std::optional(below);
        below = adjustments::placeOf(row);
      }
      if (rows.size() < limit)
        return std::optional<AdjustmentPlace>();
      looked -= limit;
    }
  }

 private:
  template <typename Take>
  Result<std::optional<AdjustmentPlace>> runVisit(Take take) {
    DOORSTEP_ASSIGN(const auto rows, adjustments::adjustmentsOfVisit(
                                         reading_.database, *filter_.provider, *filter_.visit));
    for (const Adjustment& row : rows) {
      DOORSTEP_ASSIGN(const auto seen, look(row));
      if (seen)
        (void)take(*seen);
    }
    return std::optional<AdjustmentPlace>();
  }

  AdjustmentWalk(const Reading& reading, const AdjustmentFilter& filter,
                 std::vector<roster::Contract> contracts, RecordStore store,
                 adjustments::AdjustmentReader reader)
      : reading_(reading),
        filter_(filter),
        contracts_(std::move(contracts)),
        rules_(ruleBook(contracts_)),
        store_(std::move(store)),
        reader_(std::move(reader)) {}

  bool isAskedFor(const Adjustment& row) const {
    return (!filter_.provider || row.provider == *filter_.provider) &&
           (!filter_.visit || row.visit == *filter_.visit) &&
           (!filter_.editor || row.account == *filter_.editor) &&
           (filter_.reason.empty() || row.reason == filter_.reason);
  }

  bool isAskedFor(const std::optional<VisitRow>& visit) const {
    if (!filter_.contract && !filter_.from && !filter_.to)
      return true;
    return visit && (!filter_.contract || visit->contract == *filter_.contract) &&
           (!filter_.from || visit->day >= *filter_.from) &&
           (!filter_.to || visit->day <= *filter_.to);
  }

  bool maySee(ProviderId provider, const std::optional<VisitRow>& visit) const {
    const identity::AccountCaller& caller = reading_.caller;
    if (caller.role == identity::Role::Operator)
      return true;
    if (caller.role == identity::Role::Supervisor)
      return caller.provider && caller.provider == provider;
    const auto contract =
        std::find_if(contracts_.begin(), contracts_.end(), [&](const roster::Contract& each) {
          return visit && visit->contract && each.id == visit->contract;
        });
    return contract != contracts_.end() &&
           identity::maySeeContract(caller, contract->council, provider);
  }

  Result<std::optional<Seen>> look(const Adjustment& row) {
    if (!isAskedFor(row))
      return std::optional<Seen>();
    Seen seen{.adjustment = row};
    DOORSTEP_ASSIGN(seen.visit, store_.visit(row.provider, row.visit));
    if (!isAskedFor(seen.visit) || !maySee(row.provider, seen.visit))
      return std::optional<Seen>();
    if (seen.visit) {
      DOORSTEP_ASSIGN(const auto facts, decodeFacts(seen.visit->facts));
      seen.visitRef = facts.visitId;
      if (const auto* slot = slotOf(facts, row.slot))
        seen.slot = *slot;
      if (const auto* version = rules_.at(contractKey(seen.visit->contract), seen.visit->day))
        seen.rules = &version->rules;
    }
    DOORSTEP_ASSIGN(const auto slots, reader_.ofVisit(row.provider, row.visit));
    if (const auto slot = slots.find(row.slot); slot != slots.end())
      for (const auto& holds : {slot->second.times, slot->second.explanation})
        seen.inForce = seen.inForce || (holds && holds->revision == row.revision);
    return std::optional(std::move(seen));
  }

  const Reading& reading_;
  const AdjustmentFilter& filter_;
  std::vector<roster::Contract> contracts_;
  measures::RuleBook rules_;
  RecordStore store_;
  adjustments::AdjustmentReader reader_;
};

v1::SlotAdjustment toProto(const Seen& seen, const identity::AccountCaller& caller,
                           const std::map<AccountId, std::string>& names) {
  const Adjustment& row = seen.adjustment;
  v1::SlotAdjustment told;
  told.set_provider_id(row.provider.value);
  told.set_visit_id(row.visit.value);
  told.set_slot(row.slot);
  told.set_revision(row.revision);
  told.set_kind(static_cast<v1::AdjustmentKind>(row.kind));
  if (row.startUnixMs)
    told.set_start_unix_ms(*row.startUnixMs);
  if (row.endUnixMs)
    told.set_end_unix_ms(*row.endUnixMs);
  if (seen.slot.start.rawMs)
    told.set_raw_start_unix_ms(*seen.slot.start.rawMs);
  if (seen.slot.end.rawMs)
    told.set_raw_end_unix_ms(*seen.slot.end.rawMs);
  if (seen.slot.start.ruledMs)
    told.set_ruled_start_unix_ms(*seen.slot.start.ruledMs);
  if (seen.slot.end.ruledMs)
    told.set_ruled_end_unix_ms(*seen.slot.end.ruledMs);
  told.set_reason(row.reason);
  told.set_action(row.action);
  told.set_responsibility(row.responsibility);
  if (caller.role != identity::Role::Council)
    told.set_note(row.note);
  told.set_editor_account_id(row.account.value);
  if (const auto name = names.find(row.account); name != names.end())
    told.set_editor_name(name->second);
  told.set_editor_role(row.byRole);
  told.set_made_unix_ms(row.madeUnixMs);
  told.set_in_force(seen.inForce);
  if (const auto gain = gainMs(seen))
    told.set_gain_ms(*gain);
  told.set_late(isLate(seen));
  told.set_visit_ref(seen.visitRef);
  if (seen.visit) {
    told.set_contract_id(seen.visit->contract.value);
    told.set_day(measures::dayText(seen.visit->day));
  }
  return told;
}

void count(const Seen& seen, v1::AdjustmentTotals& totals) {
  const Adjustment& row = seen.adjustment;
  if (row.kind == AdjustmentKind::Explained) {
    totals.set_explained(totals.explained() + 1);
    return;
  }
  totals.set_adjusted(totals.adjusted() + 1);
  if (isLate(seen))
    totals.set_late(totals.late() + 1);
  if (row.action.empty() || row.action == "A8")
    totals.set_no_evidence(totals.no_evidence() + 1);
  const auto gain = gainMs(seen);
  if (!gain)
    return;
  totals.set_gain_known(totals.gain_known() + 1);
  totals.set_gain_ms(totals.gain_ms() + *gain);
  totals.set_gained_ms(totals.gained_ms() + std::max<std::int64_t>(0, *gain));
}

}  // namespace

Result<AdjustmentFilter> readFilter(const v1::AdjustmentFilter& message) {
  AdjustmentFilter filter;
  if (message.contract_id() != 0)
    filter.contract = ContractId(message.contract_id());
  if (message.provider_id() != 0)
    filter.provider = ProviderId(message.provider_id());
  if (message.visit_id() != 0)
    filter.visit = VisitId(message.visit_id());
  if (message.editor_account_id() != 0)
    filter.editor = AccountId(message.editor_account_id());
  DOORSTEP_ASSIGN(filter.from, dayOf(message.first_day()));
  DOORSTEP_ASSIGN(filter.to, dayOf(message.last_day()));
  if (filter.from && filter.to && *filter.from > *filter.to)
    return Error{ErrorCode::InvalidArgument, "DAYS_REVERSED", "first_day is after last_day"};
  if (!message.reason().empty() && visits::reasonOfCode(message.reason()) == nullptr)
    return Error{ErrorCode::InvalidArgument, "REASON_UNKNOWN", "no such reason code"};
  filter.reason = message.reason();
  return filter;
}

Result<AdjustmentPage> listAdjustments(const Reading& reading, const AdjustmentFilter& filter,
                                       const std::optional<AdjustmentPlace>& below,
                                       std::uint32_t size) {
  DOORSTEP_ASSIGN(auto walk, AdjustmentWalk::open(reading, filter));
  DOORSTEP_ASSIGN(const auto names, identity::accountNames(reading.database));
  AdjustmentPage page;
  std::set<std::pair<ProviderId, PersonId>> people;
  const auto take = [&](const Seen& seen) {
    const bool ofOneVisit = filter.visit && filter.provider;
    if (!ofOneVisit && static_cast<std::uint32_t>(page.response.adjustments_size()) == size)
      return false;
    *page.response.add_adjustments() = toProto(seen, reading.caller, names);
    if (seen.visit && seen.visit->person &&
        people.emplace(seen.adjustment.provider, seen.visit->person).second) {
      identity::Look look;
      look.account = reading.caller.account;
      look.provider = seen.adjustment.provider;
      look.person = seen.visit->person;
      look.purpose = identity::LookPurpose::Record;
      look.atUnixMs = reading.nowUnixMs;
      page.looks.push_back(std::move(look));
    }
    return true;
  };
  DOORSTEP_ASSIGN(page.next,
                  walk.run(below.value_or(AdjustmentPlace()), kAdjustmentsPerPageMax, take));
  return page;
}

Result<v1::GetAdjustmentTotalsResponse> adjustmentTotals(const Reading& reading,
                                                         const AdjustmentFilter& filter) {
  DOORSTEP_ASSIGN(auto walk, AdjustmentWalk::open(reading, filter));
  DOORSTEP_ASSIGN(const auto names, identity::accountNames(reading.database));
  v1::GetAdjustmentTotalsResponse response;
  std::map<AccountId, v1::AdjustmentTotals> byEditor;
  std::map<std::string, v1::AdjustmentTotals> byReason;
  const auto take = [&](const Seen& seen) {
    if (!seen.inForce)
      return true;
    count(seen, *response.mutable_totals());
    count(seen, byEditor[seen.adjustment.account]);
    count(seen, byReason[seen.adjustment.reason]);
    return true;
  };
  DOORSTEP_TRY(walk.run(AdjustmentPlace(), UINT64_MAX, take));
  for (const auto& [account, totals] : byEditor) {
    auto& editor = *response.add_by_editor();
    editor.set_account_id(account.value);
    if (const auto name = names.find(account); name != names.end())
      editor.set_name(name->second);
    *editor.mutable_totals() = totals;
  }
  std::stable_sort(
      response.mutable_by_editor()->begin(), response.mutable_by_editor()->end(),
      [](const auto& a, const auto& b) { return a.totals().gain_ms() > b.totals().gain_ms(); });
  for (const auto& [reason, totals] : byReason) {
    auto& of = *response.add_by_reason();
    of.set_reason(reason);
    *of.mutable_totals() = totals;
  }
  return response;
}

Result<adjustments::RuledTimes> ruledTimes(sql::Database& database, ProviderId provider,
                                           VisitId visit, std::uint32_t slot) {
  DOORSTEP_ASSIGN(auto store, RecordStore::open(database));
  DOORSTEP_ASSIGN(const auto row, store.visit(provider, visit));
  if (!row)
    return adjustments::RuledTimes();
  DOORSTEP_ASSIGN(const auto facts, decodeFacts(row->facts));
  const auto* found = slotOf(facts, slot);
  if (found == nullptr)
    return adjustments::RuledTimes();
  return adjustments::RuledTimes{found->start.ruledMs, found->end.ruledMs};
}

}  // namespace doorstep::records
