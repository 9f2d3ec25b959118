// SPDX-License-Identifier: Apache-2.0
// A page of plan changes as a server sends it to a phone.
#include "doorstep/roster/v1/roster.pb.h"
#include "shared/wire/plan_codec.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace doorstep;
  doorstep::roster::v1::PlanChanges changes;
  if (!changes.ParseFromArray(bytes, static_cast<int>(size)))
    return 0;
  wire::ScopeHash held;
  for (const auto& change : changes.changes()) {
    if (const auto visit = wire::fromProto(change.visit()); visit.ok()) {
      held.add(*visit);
      held.remove(*visit);
    }
    if (const auto person = wire::fromProto(change.person()); person.ok()) {
      held.add(*person);
      held.remove(*person);
    }
  }
  fuzz::require(held == wire::ScopeHash());
  return 0;
}
