// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "doorstep/roster/v1/roster.pb.h"
#include "shared/core/result.h"
#include "shared/visits/plan.h"

namespace doorstep::wire {

doorstep::roster::v1::Person toProto(const visits::Person& person);
doorstep::roster::v1::Visit toProto(const visits::PlannedVisit& visit);

// From outside: error PLAN_MALFORMED with the field in the text.
Result<visits::Person> fromProto(const doorstep::roster::v1::Person& person);
Result<visits::PlannedVisit> fromProto(const doorstep::roster::v1::Visit& visit);

// Canonical bytes of one object of a scope, and the order-free hash over all of them: the first 16
// bytes of each object's SHA-256, added as 128-bit little-endian numbers modulo 2^128
// (docs/sync-protocol.md, "Scope hash").
class ScopeHash {
 public:
  void add(const visits::Person& person);
  void add(const visits::PlannedVisit& visit);
  void remove(const visits::Person& person);
  void remove(const visits::PlannedVisit& visit);
  std::uint32_t count() const { return count_; }
  std::string bytes() const;  // 16
  bool operator==(const ScopeHash&) const = default;

 private:
  std::uint64_t low_ = 0;
  std::uint64_t high_ = 0;
  std::uint32_t count_ = 0;
};

}  // namespace doorstep::wire
