// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "doorstep/roster/v1/roster.pb.h"
#include "shared/core/result.h"
#include "shared/visits/plan.h"

namespace doorstep::wire {

// Numbers of roster.v1.PlanObjectKind on the wire. Thread: any for all of this file but ScopeHash.
inline constexpr std::uint32_t kPersonKind = doorstep::roster::v1::PLAN_OBJECT_KIND_PERSON;
inline constexpr std::uint32_t kVisitKind = doorstep::roster::v1::PLAN_OBJECT_KIND_VISIT;

// The id is not in the messages: it is PlanObject.id.
doorstep::roster::v1::Person toProto(const visits::Person& person);
doorstep::roster::v1::Visit toProto(const visits::PlannedVisit& visit);

// For publishing. A receiver stores the bytes and never re-encodes an object: a later release may
// have added fields.
doorstep::roster::v1::PlanObject planObject(const visits::Person& person);
doorstep::roster::v1::PlanObject planObject(const visits::PlannedVisit& visit);

// Decodes PlanObject.bytes from outside. Error PLAN_MALFORMED; its text names the field.
Result<visits::Person> decodePerson(PersonId id, std::string_view bytes);
Result<visits::PlannedVisit> decodeVisit(VisitId id, std::string_view bytes);

// Order-independent hash over the objects of a scope: for each object the first 16 bytes of SHA-256
// over kind (8 bytes, big-endian), id (8 bytes, big-endian) and bytes, summed as 128-bit
// little-endian numbers modulo 2^128 (docs/sync-protocol.md, "Scope hash").
class ScopeHash {
 public:
  void add(std::uint32_t kind, std::uint64_t id, std::string_view bytes);
  void add(const doorstep::roster::v1::PlanObject& object);
  void remove(std::uint32_t kind, std::uint64_t id, std::string_view bytes);
  std::uint32_t count() const { return count_; }
  std::string bytes() const;  // 16
  bool operator==(const ScopeHash&) const = default;

 private:
  std::uint64_t low_ = 0;
  std::uint64_t high_ = 0;
  std::uint32_t count_ = 0;
};

}  // namespace doorstep::wire
