// SPDX-License-Identifier: Apache-2.0
#include "sync-server/monitoring/board.h"

#include <algorithm>
#include <tuple>

#include "sync-server/monitoring/tuning.h"

namespace doorstep::monitoring {

using projections::AttendanceRecord;

std::strong_ordering BoardKey::operator<=>(const BoardKey& other) const {
  return std::tie(other.attention, windowStartUnixMs, visit) <=>
         std::tie(attention, other.windowStartUnixMs, other.visit);
}

void Board::putVisit(BoardVisit visit, std::int64_t nowUnixMs) {
  const auto [at, fresh] = rows_.try_emplace(visit.visit.id);
  if (!fresh)
    unindexRow(at->second);
  // A planned carer may be replaced while she is there: keep her name.
  for (const visits::CarerSlot& slot : visit.visit.slots) {
    if (slot.carer && !slot.carerName.empty())
      carerNames_.insert_or_assign(slot.carer, slot.carerName);
  }
  at->second.plan = std::move(visit);
  judge(at->second, nowUnixMs);
}

void Board::putCarerNames(const CarerNames& names) {
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
  if (found == rows_.end() || isSettled(found->second.judged.message.state()) ||
      found->second.judged.message.state() == v1::BOARD_STATE_UPCOMING)
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
    if (!phoneMatters(row.judged.message, carer, before, phone, nowUnixMs))
      continue;
    unindexRow(row);
    judge(row, nowUnixMs);
  }
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
  return found == rows_.end() ? nullptr : &found->second.judged.message;
}

BoardPage Board::page(const std::optional<BoardKey>& after, std::size_t size) const {
  BoardPage page;
  auto at = after ? order_.upper_bound(*after) : order_.begin();
  for (; at != order_.end() && page.rows.size() < size; ++at)
    page.rows.push_back(rows_.at(at->visit).judged.message);
  if (at != order_.end() && at != order_.begin())
    page.next = *std::prev(at);
  return page;
}

std::vector<const v1::BoardRow*> Board::takeChanged() {
  std::vector<const v1::BoardRow*> rows;
  for (const VisitId visit : changed_)
    rows.push_back(&rows_.at(visit).judged.message);
  changed_.clear();
  return rows;
}

// The row must not be indexed when this is called.
void Board::judge(Row& row, std::int64_t nowUnixMs) {
  JudgedRow judged = judgeRow(row.plan, row.records, carerNames_, phones_, nowUnixMs);
  std::string bytes = judged.message.SerializeAsString();
  if (bytes != row.bytes)
    changed_.insert(row.plan.visit.id);
  row.bytes = std::move(bytes);
  row.judged = std::move(judged);
  countAlerts(row);
  indexRow(row);
}

void Board::indexRow(Row& row) {
  const VisitId visit = row.plan.visit.id;
  row.key = {row.judged.message.attention(), row.plan.visit.windowStartUnixMs, visit};
  order_.insert(row.key);
  if (row.judged.dueUnixMs != kNever)
    due_.emplace(row.judged.dueUnixMs, visit);
  for (const CarerId carer : row.judged.carers)
    rowsOfCarer_[carer].insert(visit);
}

void Board::unindexRow(const Row& row) {
  const VisitId visit = row.plan.visit.id;
  order_.erase(row.key);
  due_.erase({row.judged.dueUnixMs, visit});
  for (const CarerId carer : row.judged.carers)
    rowsOfCarer_[carer].erase(visit);
}

void Board::countAlerts(Row& row) {
  if (row.judged.message.state() == v1::BOARD_STATE_LATE && !row.lateRaised) {
    row.lateRaised = true;
    ++lateAlerts_.raised;
  }
  if (!row.lateRaised || !row.judged.allStartedInTime)
    return;
  row.lateRaised = false;
  ++lateAlerts_.provenFalse;
}

}  // namespace doorstep::monitoring
