// SPDX-License-Identifier: Apache-2.0
#include "sync-server/monitoring/board.h"

#include <algorithm>
#include <tuple>

#include "sync-server/monitoring/tuning.h"

namespace doorstep::monitoring {

using projections::AttendanceRecord;
using projections::FilledSlot;

namespace {

// Nothing that a phone says or the clock does changes it any more, unless somebody is in it.
bool isSettled(v1::BoardState state) {
  return state == v1::BOARD_STATE_DONE || state == v1::BOARD_STATE_CANCELLED ||
         state == v1::BOARD_STATE_CANCELLED_ATTENDED;
}

std::vector<SlotKnowledge> knowledgeOf(const std::vector<FilledSlot>& slots,
                                       const std::map<CarerId, CarerPhone>& phones) {
  std::vector<SlotKnowledge> known;
  for (const FilledSlot& filled : slots) {
    SlotKnowledge slot;
    slot.assigned = static_cast<bool>(filled.carer());
    if (const AttendanceRecord* record = filled.record) {
      if (record->checkIn)
        slot.startUnixMs = record->checkIn->time.ruledUnixMs;
      if (record->checkOut)
        slot.endUnixMs = record->checkOut->time.ruledUnixMs;
      if (record->noEntry)
        slot.noEntryUnixMs = record->noEntry->time.ruledUnixMs;
    }
    if (const auto phone = phones.find(filled.carer()); phone != phones.end())
      slot.phoneHeardUnixMs = phone->second.heardUnixMs;
    known.push_back(slot);
  }
  return known;
}

std::uint32_t announcedDelayMin(const std::vector<AttendanceRecord>& records) {
  std::uint32_t delayMin = 0;
  for (const AttendanceRecord& record : records)
    delayMin = std::max(delayMin, record.announcedDelayMin);
  return delayMin;
}

}  // namespace

std::strong_ordering BoardKey::operator<=>(const BoardKey& other) const {
  return std::tie(other.attention, windowStartUnixMs, visit) <=>
         std::tie(attention, other.windowStartUnixMs, other.visit);
}

void Board::putVisit(BoardVisit visit, std::int64_t nowUnixMs) {
  const auto [at, fresh] = rows_.try_emplace(visit.visit.id);
  if (!fresh)
    unindexRow(at->second);
  // Who is planned now may be replaced while she is there: her name stays known.
  for (const visits::CarerSlot& slot : visit.visit.slots) {
    if (slot.carer && !slot.carerName.empty())
      carerNames_.insert_or_assign(slot.carer, slot.carerName);
  }
  at->second.plan = std::move(visit);
  judge(at->second, nowUnixMs);
}

void Board::putCarerNames(const std::map<CarerId, std::string>& names) {
  for (const auto& [carer, name] : names)
    carerNames_.insert_or_assign(carer, name);
}

bool isOpenRecord(const AttendanceRecord& record) { return record.checkIn && !record.checkOut; }

bool Board::isBegun(VisitId visit) const {
  const auto found = rows_.find(visit);
  if (found == rows_.end())
    return false;
  const auto& records = found->second.records;
  return std::any_of(records.begin(), records.end(), isOpenRecord);
}

bool Board::isUnresolved(VisitId visit, std::int64_t nowUnixMs) const {
  if (isBegun(visit))
    return true;
  const auto found = rows_.find(visit);
  if (found == rows_.end() || isSettled(found->second.message.state()) ||
      found->second.message.state() == v1::BOARD_STATE_UPCOMING)
    return false;
  const visits::PlannedVisit& planned = found->second.plan.visit;
  const std::int64_t latestEnd =
      planned.windowEndUnixMs + std::int64_t{planned.durationMin} * 60'000;
  return latestEnd + kCarryOverMs >= nowUnixMs;
}

void Board::removeVisit(VisitId visit) {
  const auto found = rows_.find(visit);
  if (found == rows_.end())
    return;
  unindexRow(found->second);
  changed_.erase(visit);
  rows_.erase(found);
}

void Board::putAttendance(const AttendanceRecord& record, std::int64_t nowUnixMs) {
  const auto found = rows_.find(record.visit);
  if (found == rows_.end())
    return;
  std::vector<AttendanceRecord>& records = found->second.records;
  const auto same =
      std::find_if(records.begin(), records.end(),
                   [&](const AttendanceRecord& other) { return other.carer == record.carer; });
  if (same == records.end())
    records.push_back(record);
  else if (same->newestPosition > record.newestPosition)
    return;
  else
    *same = record;
  unindexRow(found->second);
  judge(found->second, nowUnixMs);
}

void Board::putPhone(CarerId carer, const CarerPhone& phone, std::int64_t nowUnixMs) {
  const CarerPhone before = phones_[carer];
  if (phone.heardUnixMs < before.heardUnixMs)
    return;
  phones_[carer] = phone;
  const auto found = rowsOfCarer_.find(carer);
  if (found == rowsOfCarer_.end())
    return;
  const std::set<VisitId> visits = found->second;  // judging a row changes the index
  for (const VisitId visit : visits) {
    Row& row = rows_.at(visit);
    if (!phoneMatters(row, carer, before, phone, nowUnixMs))
      continue;
    unindexRow(row);
    judge(row, nowUnixMs);
  }
}

// A carer has fifteen rows and her phone is heard every few minutes: only what a supervisor can act
// on is worth a change of a row.
bool Board::phoneMatters(const Row& row, CarerId carer, const CarerPhone& before,
                         const CarerPhone& now, std::int64_t nowUnixMs) const {
  if (isSettled(row.message.state()))
    return false;
  if (now.planVersion != before.planVersion ||
      row.message.state() == v1::BOARD_STATE_OVERDUE_SILENT)
    return true;
  for (const v1::BoardSlot& slot : row.message.slots()) {
    if (slot.carer_id() != carer.value)
      continue;
    if (slot.phone_silent() != phoneIsSilent(now.heardUnixMs, nowUnixMs))
      return true;
    if (row.message.state() != v1::BOARD_STATE_UPCOMING &&
        now.heardUnixMs - slot.phone_heard_unix_ms() >= kHeardStepMs)
      return true;
  }
  return false;
}

void Board::advance(std::int64_t nowUnixMs) {
  while (!due_.empty() && due_.begin()->first <= nowUnixMs) {
    Row& row = rows_.at(due_.begin()->second);
    unindexRow(row);
    judge(row, nowUnixMs);
  }
}

const v1::BoardRow* Board::row(VisitId visit) const {
  const auto found = rows_.find(visit);
  return found == rows_.end() ? nullptr : &found->second.message;
}

BoardPage Board::page(const std::optional<BoardKey>& after, std::size_t size) const {
  BoardPage page;
  auto at = after ? order_.upper_bound(*after) : order_.begin();
  for (; at != order_.end() && page.rows.size() < size; ++at)
    page.rows.push_back(rows_.at(at->visit).message);
  if (at != order_.end() && at != order_.begin())
    page.next = *std::prev(at);
  return page;
}

std::vector<const v1::BoardRow*> Board::takeChanged() {
  std::vector<const v1::BoardRow*> rows;
  for (const VisitId visit : changed_)
    rows.push_back(&rows_.at(visit).message);
  changed_.clear();
  return rows;
}

// The row must not be indexed when this is called.
void Board::judge(Row& row, std::int64_t nowUnixMs) {
  std::vector<FilledSlot> slots = projections::assignSlots(row.plan.visit, row.records);
  const auto surplus = projections::surplusSlots(slots, row.records);
  slots.insert(slots.end(), surplus.begin(), surplus.end());
  const std::vector<SlotKnowledge> known = knowledgeOf(slots, phones_);
  const BoardJudgement judgement =
      judgeBoardState(row.plan.visit,
                      {known, announcedDelayMin(row.records),
                       projections::criticalTaskNotDone(row.plan.visit, slots)},
                      row.plan.rules, nowUnixMs);
  std::int64_t dueUnixMs = judgement.nextChangeUnixMs;
  row.message = makeMessage(row, judgement, slots, nowUnixMs, dueUnixMs);
  std::string bytes = row.message.SerializeAsString();
  if (bytes != row.bytes)
    changed_.insert(row.plan.visit.id);
  row.bytes = std::move(bytes);
  countAlerts(row, judgement, slots);
  indexRow(row, slots, dueUnixMs);
}

v1::BoardRow Board::makeMessage(const Row& row, const BoardJudgement& judgement,
                                const std::vector<FilledSlot>& slots, std::int64_t nowUnixMs,
                                std::int64_t& dueUnixMs) const {
  const visits::PlannedVisit& visit = row.plan.visit;
  v1::BoardRow message;
  message.set_visit_id(visit.id.value);
  message.set_visit_ref(visit.ref);
  message.set_person_name(row.plan.personName);
  message.set_lot(row.plan.lot);
  message.set_service(visit.service);
  message.set_window_start_unix_ms(visit.windowStartUnixMs);
  message.set_window_end_unix_ms(visit.windowEndUnixMs);
  message.set_duration_min(visit.durationMin);
  message.set_carers_required(visit.carersRequired);
  message.set_time_critical(visit.timeCritical);
  message.set_state(static_cast<v1::BoardState>(judgement.state));
  message.set_attention(judgement.attention);
  message.set_late_min(judgement.lateMin);
  message.set_announced_delay_min(announcedDelayMin(row.records));
  message.set_critical_task_not_done(projections::criticalTaskNotDone(visit, slots));
  for (const FilledSlot& filled : slots) {
    v1::BoardSlot& slot = *message.add_slots();
    fillSlot(row, filled, nowUnixMs, slot);
    const std::int64_t silentFrom = phoneSilentFromUnixMs(slot.phone_heard_unix_ms());
    if (!isSettled(message.state()) && silentFrom > nowUnixMs)
      dueUnixMs = std::min(dueUnixMs, silentFrom);
  }
  return message;
}

void Board::fillSlot(const Row& row, const FilledSlot& filled, std::int64_t nowUnixMs,
                     v1::BoardSlot& slot) const {
  const CarerId carer = filled.carer();
  slot.set_slot(filled.slot);
  slot.set_carer_id(carer.value);
  if (const auto name = carerNames_.find(carer); name != carerNames_.end())
    slot.set_carer_name(name->second);
  for (const visits::CarerSlot& planned : row.plan.visit.slots) {
    if (carer && planned.carer == carer)
      slot.set_carer_name(planned.carerName);
  }
  if (filled.record != nullptr && filled.record->checkIn)
    slot.set_checked_in_unix_ms(filled.record->checkIn->wallUnixMs);
  if (filled.record != nullptr && filled.record->checkOut)
    slot.set_checked_out_unix_ms(filled.record->checkOut->wallUnixMs);
  CarerPhone phone;
  if (const auto found = phones_.find(carer); found != phones_.end())
    phone = found->second;
  slot.set_phone_heard_unix_ms(phone.heardUnixMs);
  slot.set_phone_silent(phoneIsSilent(phone.heardUnixMs, nowUnixMs));
  slot.set_phone_plan_version(phone.planVersion);
  slot.set_phone_has_plan(phone.planVersion != 0 &&
                          phone.planVersion >= row.plan.visit.planVersion);
}

void Board::indexRow(Row& row, const std::vector<FilledSlot>& slots, std::int64_t dueUnixMs) {
  const VisitId visit = row.plan.visit.id;
  row.key = {row.message.attention(), row.plan.visit.windowStartUnixMs, visit};
  order_.insert(row.key);
  row.dueUnixMs = dueUnixMs;
  if (dueUnixMs != kNever)
    due_.emplace(dueUnixMs, visit);
  row.carers.clear();
  for (const FilledSlot& filled : slots) {
    if (!filled.carer())
      continue;
    row.carers.insert(filled.carer());
    rowsOfCarer_[filled.carer()].insert(visit);
  }
}

void Board::unindexRow(const Row& row) {
  const VisitId visit = row.plan.visit.id;
  order_.erase(row.key);
  due_.erase({row.dueUnixMs, visit});
  for (const CarerId carer : row.carers)
    rowsOfCarer_[carer].erase(visit);
}

void Board::countAlerts(Row& row, const BoardJudgement& judgement,
                        const std::vector<FilledSlot>& slots) {
  if (judgement.state == BoardState::Late && !row.lateRaised) {
    row.lateRaised = true;
    ++lateAlerts_.raised;
  }
  if (!row.lateRaised)
    return;
  const visits::PlannedVisit& visit = row.plan.visit;
  const std::int64_t toleranceMin =
      std::int64_t{visit.timeCritical ? row.plan.rules.timeCriticalToleranceMin
                                      : row.plan.rules.lateToleranceMin};
  const bool allInTime = std::all_of(slots.begin(), slots.end(), [&](const FilledSlot& slot) {
    return slot.record != nullptr && slot.record->checkIn &&
           slot.record->checkIn->time.ruledUnixMs <= visit.windowEndUnixMs + toleranceMin * 60'000;
  });
  if (!allInTime)
    return;
  row.lateRaised = false;
  ++lateAlerts_.provenFalse;
}

}  // namespace doorstep::monitoring
