// SPDX-License-Identifier: Apache-2.0
// What a kind of fact that was added can do at once: it is encoded, signed over, read back, held to
// its limits and folded. Built by new_fact_test.py in a copy that has the kind.
#include <cstdio>

#include "shared/visits/visit_fold.h"
#include "shared/wire/entry_codec.h"

namespace {

using namespace doorstep;

visits::Entry entryWith(std::uint32_t door) {
  visits::Entry entry;
  entry.n = 1;
  entry.salt = std::string(16, 's');
  entry.boot = 1;
  entry.events.push_back({1, VisitId(7), 10, 1'795'420'800'000, visits::CheckedIn{}});
  entry.events.push_back({2, VisitId(7), 20, 1'795'420'800'010, visits::DoorLeftOpen{door}});
  return entry;
}

bool works() {
  const visits::Entry entry = entryWith(3);
  const auto opened = wire::openEntry(wire::encodeEntry(entry));
  if (!opened.ok() || !opened->decoded.limits.empty() || opened->decoded.entry != entry)
    return false;
  const auto tooHigh = wire::decodeEntry(wire::encodeEntry(entryWith(10)));
  if (!tooHigh.ok() || tooHigh->limits != "door_number")
    return false;
  std::vector<visits::RecordedEvent> recorded;
  for (const visits::Event& event : entry.events)
    recorded.push_back({DeviceId(1), CarerId(2), 1, event});
  const auto attendance = visits::foldVisit(recorded).at(CarerId(2));
  return attendance.doorsOpen == 1 && attendance.newerAppEvents == 0;
}

}  // namespace

int main() {
  if (works())
    return 0;
  std::fputs("the new kind of fact does not do what the others do\n", stderr);
  return 1;
}
