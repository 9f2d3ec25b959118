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

PlannedVisit visitNumbered(std::uint64_t id) {
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

std::string refusalOf(const std::function<void(roster::v1::Visit&)>& change) {
  roster::v1::Visit proto = wire::toProto(visitNumbered(5));
  change(proto);
  const auto read = wire::decodeVisit(VisitId(5), proto.SerializeAsString());
  return read.ok() ? "" : read.error().reason;
}

}  // namespace

TEST_CASE("people and visits mean the same after the wire") {
  const auto read = [](const Person& given) {
    const auto object = wire::planObject(given);
    CHECK(object.kind() == 1);
    return wire::decodePerson(PersonId(object.id()), object.bytes()).value();
  };
  CHECK(read(person(1)) == person(1));
  const auto object = wire::planObject(visitNumbered(5));
  CHECK(object.kind() == 2);
  CHECK(wire::decodeVisit(VisitId(object.id()), object.bytes()).value() == visitNumbered(5));
  Person unlocated = person(1);
  unlocated.latitudeDeg.reset();
  unlocated.longitudeDeg.reset();
  CHECK(read(unlocated) == unlocated);
}

TEST_CASE("a plan outside its limits is refused") {
  CHECK(refusalOf([](auto&) {}).empty());
  const std::string bytes = wire::planObject(visitNumbered(5)).bytes();
  CHECK(wire::decodeVisit(VisitId(), bytes).error().reason == "PLAN_MALFORMED");
  CHECK(wire::decodeVisit(VisitId(5), "\xff").error().reason == "PLAN_MALFORMED");
  CHECK(wire::decodePerson(PersonId(1), "\xff").error().reason == "PLAN_MALFORMED");
  CHECK(refusalOf([](auto& v) { v.clear_person_id(); }) == "PLAN_MALFORMED");
  CHECK(refusalOf([](auto& v) { v.set_window_end_unix_ms(999); }) == "PLAN_MALFORMED");
  CHECK(refusalOf([](auto& v) { v.set_duration_min(0); }) == "PLAN_MALFORMED");
  CHECK(refusalOf([](auto& v) { v.set_duration_min(1441); }) == "PLAN_MALFORMED");
  CHECK(refusalOf([](auto& v) { v.set_carers_required(5); }) == "PLAN_MALFORMED");
  CHECK(refusalOf([](auto& v) { v.mutable_slots(0)->set_slot(3); }) == "PLAN_MALFORMED");
  CHECK(refusalOf([](auto& v) { v.mutable_tasks(0)->set_task_number(0); }) == "PLAN_MALFORMED");
  CHECK(refusalOf([](auto& v) { v.clear_state(); }) == "PLAN_MALFORMED");
  roster::v1::Person half = wire::toProto(person(1));
  half.clear_longitude_deg();
  CHECK(wire::decodePerson(PersonId(1), half.SerializeAsString()).error().reason ==
        "PLAN_MALFORMED");
}

TEST_CASE("a scope hash does not depend on the order and goes back when an object leaves") {
  wire::ScopeHash one;
  one.add(wire::planObject(person(1)));
  one.add(wire::planObject(visitNumbered(5)));
  one.add(9, 5, "of a later release");
  wire::ScopeHash other;
  other.add(9, 5, "of a later release");
  other.add(wire::planObject(person(2)));
  other.add(wire::planObject(visitNumbered(5)));
  other.add(wire::planObject(person(1)));
  CHECK(one.bytes() != other.bytes());
  other.remove(1, 2, wire::planObject(person(2)).bytes());
  CHECK(one == other);
  CHECK(one.count() == 3);
  one.remove(1, 1, wire::planObject(person(1)).bytes());
  one.remove(2, 5, wire::planObject(visitNumbered(5)).bytes());
  one.remove(9, 5, "of a later release");
  CHECK(one == wire::ScopeHash());
}

TEST_CASE("a scope hash sees kind, id and every byte") {
  const auto hash = [](std::uint32_t kind, std::uint64_t id, std::string_view bytes) {
    wire::ScopeHash made;
    made.add(kind, id, bytes);
    return made.bytes();
  };
  const std::string bytes = hash(2, 5, "abc");
  CHECK(hash(1, 5, "abc") != bytes);
  CHECK(hash(2, 6, "abc") != bytes);
  CHECK(hash(2, 5, "abd") != bytes);
  CHECK(hash(2, 5, "ab") != bytes);
  // The id's bytes do not run into those of the object.
  CHECK(hash(2, 0x61, "") != hash(2, 0, "a"));
}

TEST_CASE("the scope hash of one object is the first half of a SHA-256") {
  wire::ScopeHash scope;
  scope.add(2, 0x0102, "bytes");
  const std::string hashed(
      "\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\x01\x02"
      "bytes",
      21);
  CHECK(scope.bytes() == crypto::sha256(hashed).view().substr(0, 16));
}
