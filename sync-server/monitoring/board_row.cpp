// SPDX-License-Identifier: Apache-2.0
#include "sync-server/monitoring/board_row.h"

#include <algorithm>

#include "sync-server/monitoring/tuning.h"
#include "sync-server/projections/slot_assignment.h"

namespace doorstep::monitoring {

using projections::AttendanceRecord;
using projections::FilledSlot;

namespace {

std::vector<SlotKnowledge> knowledgeOf(const std::vector<FilledSlot>& slots,
                                       const CarerPhones& phones) {
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

v1::BoardSlot makeSlot(const BoardVisit& plan, const FilledSlot& filled, const CarerNames& names,
                       const CarerPhones& phones, std::int64_t nowUnixMs) {
  const CarerId carer = filled.carer();
  v1::BoardSlot slot;
  slot.set_slot(filled.slot);
  slot.set_carer_id(carer.value);
  if (const auto name = names.find(carer); name != names.end())
    slot.set_carer_name(name->second);
  for (const visits::CarerSlot& planned : plan.visit.slots) {
    if (carer && planned.carer == carer)
      slot.set_carer_name(planned.carerName);
  }
  if (filled.record != nullptr && filled.record->checkIn)
    slot.set_checked_in_unix_ms(filled.record->checkIn->wallUnixMs);
  if (filled.record != nullptr && filled.record->checkOut)
    slot.set_checked_out_unix_ms(filled.record->checkOut->wallUnixMs);
  CarerPhone phone;
  if (const auto found = phones.find(carer); found != phones.end())
    phone = found->second;
  slot.set_phone_heard_unix_ms(phone.heardUnixMs);
  slot.set_phone_silent(phoneIsSilent(phone.heardUnixMs, nowUnixMs));
  slot.set_phone_plan_version(phone.planVersion);
  slot.set_phone_has_plan(phone.planVersion != 0 && phone.planVersion >= plan.visit.planVersion);
  return slot;
}

v1::BoardRow makeMessage(const BoardVisit& plan, const VisitKnowledge& known,
                         const BoardJudgement& judgement) {
  const visits::PlannedVisit& visit = plan.visit;
  v1::BoardRow message;
  message.set_visit_id(visit.id.value);
  message.set_visit_ref(visit.ref);
  message.set_person_name(plan.personName);
  message.set_lot(plan.lot);
  message.set_service(visit.service);
  message.set_window_start_unix_ms(visit.windowStartUnixMs);
  message.set_window_end_unix_ms(visit.windowEndUnixMs);
  message.set_duration_min(visit.durationMin);
  message.set_carers_required(visit.carersRequired);
  message.set_time_critical(visit.timeCritical);
  message.set_state(static_cast<v1::BoardState>(judgement.state));
  message.set_attention(judgement.attention);
  message.set_late_min(judgement.lateMin);
  message.set_announced_delay_min(known.announcedDelayMin);
  message.set_critical_task_not_done(known.criticalTaskNotDone);
  return message;
}

bool startedInTime(const BoardVisit& plan, const std::vector<FilledSlot>& slots) {
  const visits::PlannedVisit& visit = plan.visit;
  const std::int64_t toleranceMin = std::int64_t{
      visit.timeCritical ? plan.rules.timeCriticalToleranceMin : plan.rules.lateToleranceMin};
  return std::all_of(slots.begin(), slots.end(), [&](const FilledSlot& slot) {
    return slot.record != nullptr && slot.record->checkIn &&
           slot.record->checkIn->time.ruledUnixMs <= visit.windowEndUnixMs + toleranceMin * 60'000;
  });
}

}  // namespace

bool isSettled(v1::BoardState state) {
  return state == v1::BOARD_STATE_DONE || state == v1::BOARD_STATE_CANCELLED ||
         state == v1::BOARD_STATE_CANCELLED_ATTENDED;
}

JudgedRow judgeRow(const BoardVisit& plan, const std::vector<AttendanceRecord>& records,
                   const CarerNames& names, const CarerPhones& phones, std::int64_t nowUnixMs) {
  std::vector<FilledSlot> slots = projections::assignSlots(plan.visit, records);
  const auto surplus = projections::surplusSlots(slots, records);
  slots.insert(slots.end(), surplus.begin(), surplus.end());
  const std::vector<SlotKnowledge> bySlot = knowledgeOf(slots, phones);
  const VisitKnowledge known{bySlot, announcedDelayMin(records),
                             projections::criticalTaskNotDone(plan.visit, slots)};
  const BoardJudgement judgement = judgeBoardState(plan.visit, known, plan.rules, nowUnixMs);
  JudgedRow row;
  row.message = makeMessage(plan, known, judgement);
  row.dueUnixMs = judgement.nextChangeUnixMs;
  for (const FilledSlot& filled : slots) {
    v1::BoardSlot& slot = *row.message.add_slots();
    slot = makeSlot(plan, filled, names, phones, nowUnixMs);
    const std::int64_t silentFrom = phoneSilentFromUnixMs(slot.phone_heard_unix_ms());
    if (!isSettled(row.message.state()) && silentFrom > nowUnixMs)
      row.dueUnixMs = std::min(row.dueUnixMs, silentFrom);
    if (filled.carer())
      row.carers.insert(filled.carer());
  }
  row.allStartedInTime = startedInTime(plan, slots);
  return row;
}

// A carer has fifteen rows and her phone is heard every few minutes: only changes that a supervisor
// can act on update a row.
bool phoneMatters(const v1::BoardRow& row, CarerId carer, const CarerPhone& before,
                  const CarerPhone& now, std::int64_t nowUnixMs) {
  if (isSettled(row.state()))
    return false;
  if (now.planVersion != before.planVersion || row.state() == v1::BOARD_STATE_OVERDUE_SILENT)
    return true;
  for (const v1::BoardSlot& slot : row.slots()) {
    if (slot.carer_id() != carer.value)
      continue;
    if (slot.phone_silent() != phoneIsSilent(now.heardUnixMs, nowUnixMs))
      return true;
    if (row.state() != v1::BOARD_STATE_UPCOMING &&
        now.heardUnixMs - slot.phone_heard_unix_ms() >= kHeardStepMs)
      return true;
  }
  return false;
}

}  // namespace doorstep::monitoring
