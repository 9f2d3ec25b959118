// SPDX-License-Identifier: Apache-2.0
// The power is cut at each step of what a phone does: a disk then has what was synced, and of the
// rest all, nothing, or names without their contents.
#include "tests/unit/app/phone_disk_steps.h"

namespace doorstep::test {
namespace {

using Lost = support::SyncedDisk::Lost;

TEST_CASE("a power cut at any step loses nothing that was confirmed, and she goes on") {
  for (const Step& step : kSteps) {
    bool more = true;
    for (std::uint64_t change = 0; more; change += 1 + change / 8) {
      for (const Lost lost : {Lost::ContentAndNames, Lost::Content, Lost::Names}) {
        INFO(step.name << ", change " << change << ", lost " << static_cast<int>(lost));
        Disk disk;
        step.before(disk);
        disk.failing.powerEndsAt(change);
        step.act(disk);
        more = disk.failing.refused();
        disk.phone.reset();
        disk.failing.cutPower(lost);
        goesOn(disk);
        CHECK(eventsAtOffice(disk) >= disk.confirmed);
      }
    }
  }
}

}  // namespace
}  // namespace doorstep::test
