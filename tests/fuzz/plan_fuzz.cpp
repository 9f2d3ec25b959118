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
    const auto& object = change.object();
    (void)wire::decodeVisit(VisitId(object.id()), object.bytes());
    (void)wire::decodePerson(PersonId(object.id()), object.bytes());
    held.add(object);
    held.remove(object.kind(), object.id(), object.bytes());
  }
  fuzz::require(held == wire::ScopeHash());
  return 0;
}
