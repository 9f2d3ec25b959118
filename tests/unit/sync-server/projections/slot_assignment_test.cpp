// SPDX-License-Identifier: Apache-2.0
#include "sync-server/projections/slot_assignment.h"

#include <catch2/catch.hpp>

namespace doorstep::projections {
namespace {

const CarerId kAnn(1);
const CarerId kBea(2);
const CarerId kCai(3);

visits::PlannedVisit visitFor(std::vector<CarerId> carers) {
  visits::PlannedVisit visit;
  visit.carersRequired = static_cast<std::uint32_t>(carers.size());
  for (std::size_t index = 0; index < carers.size(); ++index)
    visit.slots.push_back({static_cast<std::uint32_t>(index + 1), carers[index], ""});
  return visit;
}

RecordedMoment momentAt(std::int64_t unixMs) {
  RecordedMoment moment;
  moment.wallUnixMs = unixMs;
  moment.time.ruledUnixMs = unixMs;
  return moment;
}

AttendanceRecord cameAt(CarerId carer, std::int64_t unixMs) {
  AttendanceRecord record;
  record.carer = carer;
  record.checkIn = momentAt(unixMs);
  return record;
}

std::vector<CarerId> carersOf(const std::vector<FilledSlot>& slots) {
  std::vector<CarerId> carers;
  for (const FilledSlot& slot : slots)
    carers.push_back(slot.carer());
  return carers;
}

TEST_CASE("planned carers fill their own slots, in whatever order they came") {
  const std::vector records = {cameAt(kAnn, 20), cameAt(kBea, 10)};
  const auto slots = assignSlots(visitFor({kBea, kAnn}), records);
  CHECK(carersOf(slots) == std::vector{kBea, kAnn});
  CHECK(slots[0].record->checkIn->wallUnixMs == 10);
}

TEST_CASE("a carer who came unplanned fills the slot whose carer recorded nothing") {
  const std::vector records = {cameAt(kAnn, 10), cameAt(kCai, 12)};
  const auto slots = assignSlots(visitFor({kBea, kAnn}), records);
  CHECK(carersOf(slots) == std::vector{kCai, kAnn});
  CHECK(slots[0].planned == kBea);
}

TEST_CASE("a slot without anybody's record is about who is planned") {
  const auto slots = assignSlots(visitFor({kBea, CarerId()}), {});
  CHECK(carersOf(slots) == std::vector{kBea, CarerId()});
  CHECK(slots[0].record == nullptr);
}

TEST_CASE("who only announced a delay leaves the slot to who came") {
  AttendanceRecord delayed;
  delayed.carer = kBea;
  delayed.announcedDelayMin = 20;
  const std::vector records = {delayed, cameAt(kCai, 12)};
  CHECK(carersOf(assignSlots(visitFor({kBea}), records)) == std::vector{kCai});
  CHECK(carersOf(assignSlots(visitFor({kBea}), std::span(records).first(1))) == std::vector{kBea});
}

TEST_CASE("who was inside fills the slot of a carer who found no entry, planned or not") {
  AttendanceRecord door;
  door.carer = kBea;
  door.noEntry = momentAt(5);
  const std::vector records = {door, cameAt(kCai, 12)};
  CHECK(carersOf(assignSlots(visitFor({kBea}), records)) == std::vector{kCai});
  CHECK(carersOf(assignSlots(visitFor({kBea}), std::span(records).first(1))) == std::vector{kBea});
}

TEST_CASE("who checked in beside those that a visit needs has a slot after theirs") {
  const std::vector records = {cameAt(kAnn, 30), cameAt(kBea, 10), cameAt(kCai, 20)};
  const auto slots = assignSlots(visitFor({kAnn}), records);
  CHECK(carersOf(slots) == std::vector{kAnn});
  const auto surplus = surplusSlots(slots, records);
  CHECK(carersOf(surplus) == std::vector{kBea, kCai});
  CHECK(surplus[0].slot == 2);
  CHECK(surplus[1].slot == 3);
  CHECK(surplusSlots(assignSlots(visitFor({kAnn, kBea, kCai}), records), records).empty());
}

TEST_CASE("more carers than slots: the earlier arrivals count") {
  const std::vector records = {cameAt(kAnn, 30), cameAt(kBea, 10), cameAt(kCai, 20)};
  visits::PlannedVisit visit = visitFor({CarerId()});
  CHECK(carersOf(assignSlots(visit, records)) == std::vector{kBea});
}

visits::PlannedVisit withCriticalTask(std::vector<CarerId> carers) {
  visits::PlannedVisit visit = visitFor(std::move(carers));
  visit.tasks = {{1, "PC01", "Wash", false}, {2, "MD01", "Insulin", true}};
  return visit;
}

bool criticalMissed(const visits::PlannedVisit& visit, std::vector<AttendanceRecord> records) {
  return criticalTaskNotDone(visit, assignSlots(visit, records));
}

TEST_CASE("a critical task is not done when somebody said so, unless another did it") {
  const auto visit = withCriticalTask({kAnn, kBea});
  AttendanceRecord refused = cameAt(kAnn, 1);
  refused.tasks = {{2, visits::TaskOutcome::NotDone, visits::NotDoneReason::Refused}};
  AttendanceRecord given = cameAt(kBea, 1);
  given.tasks = {{2, visits::TaskOutcome::Done, visits::NotDoneReason::Unspecified}};
  CHECK(criticalMissed(visit, {refused}));
  CHECK_FALSE(criticalMissed(visit, {refused, given}));
  CHECK_FALSE(criticalMissed(visit, {given}));
}

TEST_CASE("a critical task that nobody recorded is not done once everybody has left") {
  const auto visit = withCriticalTask({kAnn, kBea});
  AttendanceRecord ann = cameAt(kAnn, 1);
  ann.checkOut = momentAt(9);
  AttendanceRecord bea = cameAt(kBea, 1);
  CHECK_FALSE(criticalMissed(visit, {ann, bea}));
  bea.checkOut = momentAt(9);
  CHECK(criticalMissed(visit, {ann, bea}));
}

TEST_CASE("a task that is not critical does not alarm") {
  const auto visit = withCriticalTask({kAnn});
  AttendanceRecord refused = cameAt(kAnn, 1);
  refused.tasks = {{1, visits::TaskOutcome::NotDone, visits::NotDoneReason::Refused}};
  CHECK_FALSE(criticalMissed(visit, {refused}));
}

}  // namespace
}  // namespace doorstep::projections
