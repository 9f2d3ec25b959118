// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/plan_codec.h"

#include <catch2/catch.hpp>
#include <functional>

#include "shared/crypto/sha256.h"

using namespace doorstep;
using namespace doorstep::visits;

namespace {

Person person(std::uint64_t id) {
  Person made;
  made.id = PersonId(id);
  made.ref = "P" + std::to_string(id);
  made.name = "A. Person";
  made.accessNote = "Key safe";
  made.latitudeDeg = 52.6;
  made.longitudeDeg = -1.1;
  made.lot = "L1";
  return made;
}

PlannedVisit visit(std::uint64_t id) {
  PlannedVisit made;
  made.id = VisitId(id);
  made.ref = "V" + std::to_string(id);
  made.person = PersonId(3);
  made.service = "PC";
  made.windowStartUnixMs = 1000;
  made.windowEndUnixMs = 2000;
  made.durationMin = 30;
  made.carersRequired = 2;
  made.slots = {{1, CarerId(8), "Anna"}, {2, CarerId(0), ""}};
  made.tasks = {{1, "PC01", "Wash", true}, {2, "PC02", "Dress", false}};
  made.timeCritical = true;
  made.afterVisit = VisitId(4);
  made.minGapMin = 60;
  made.maxGapMin = 0;
  made.planVersion = 9;
  return made;
}

std::string reasonOf(const std::function<void(roster::v1::Visit&)>& change) {
  roster::v1::Visit proto = wire::toProto(visit(5));
  change(proto);
  const auto read = wire::fromProto(proto);
  return read.ok() ? "" : read.error().reason;
}

}  // namespace

TEST_CASE("people and visits mean the same after the wire") {
  CHECK(wire::fromProto(wire::toProto(person(1))).value() == person(1));
  CHECK(wire::fromProto(wire::toProto(visit(5))).value() == visit(5));
  Person unlocated = person(1);
  unlocated.latitudeDeg.reset();
  unlocated.longitudeDeg.reset();
  CHECK(wire::fromProto(wire::toProto(unlocated)).value() == unlocated);
}

TEST_CASE("a plan outside its limits is refused") {
  CHECK(reasonOf([](auto&) {}).empty());
  CHECK(reasonOf([](auto& v) { v.clear_visit_id(); }) == "PLAN_MALFORMED");
  CHECK(reasonOf([](auto& v) { v.clear_person_id(); }) == "PLAN_MALFORMED");
  CHECK(reasonOf([](auto& v) { v.set_window_end_unix_ms(999); }) == "PLAN_MALFORMED");
  CHECK(reasonOf([](auto& v) { v.set_duration_min(0); }) == "PLAN_MALFORMED");
  CHECK(reasonOf([](auto& v) { v.set_duration_min(1441); }) == "PLAN_MALFORMED");
  CHECK(reasonOf([](auto& v) { v.set_carers_required(5); }) == "PLAN_MALFORMED");
  CHECK(reasonOf([](auto& v) { v.mutable_slots(0)->set_slot(3); }) == "PLAN_MALFORMED");
  CHECK(reasonOf([](auto& v) { v.mutable_tasks(0)->set_task_number(0); }) == "PLAN_MALFORMED");
  CHECK(reasonOf([](auto& v) { v.clear_state(); }) == "PLAN_MALFORMED");
  roster::v1::Person half = wire::toProto(person(1));
  half.clear_longitude_deg();
  CHECK(wire::fromProto(half).error().reason == "PLAN_MALFORMED");
}

TEST_CASE("a scope hash does not depend on the order and goes back when an object leaves") {
  wire::ScopeHash one;
  one.add(person(1));
  one.add(visit(5));
  one.add(visit(6));
  wire::ScopeHash other;
  other.add(visit(6));
  other.add(person(2));
  other.add(visit(5));
  other.add(person(1));
  CHECK(one.bytes() != other.bytes());
  other.remove(person(2));
  CHECK(one == other);
  CHECK(one.count() == 3);
  one.remove(person(1));
  one.remove(visit(5));
  one.remove(visit(6));
  CHECK(one == wire::ScopeHash());
}

TEST_CASE("a scope hash sees every field") {
  PlannedVisit changed = visit(5);
  changed.tasks[1].text = "Undress";
  wire::ScopeHash one;
  one.add(visit(5));
  wire::ScopeHash other;
  other.add(changed);
  CHECK(one.bytes() != other.bytes());
}

TEST_CASE("the scope hash of one object is the first half of its SHA-256") {
  wire::ScopeHash scope;
  scope.add(person(1));
  const std::string canonical = "person\n" + wire::toProto(person(1)).SerializeAsString();
  CHECK(scope.bytes() == crypto::sha256(canonical).view().substr(0, 16));
}
