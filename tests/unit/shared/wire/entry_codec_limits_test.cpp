// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <functional>
#include <limits>

#include "doorstep/visit/v1/entry.pb.h"
#include "shared/core/time_range.h"
#include "shared/visits/limits.h"
#include "shared/wire/entry_codec.h"

using namespace doorstep;
namespace pb = doorstep::visit::v1;

namespace {

// A right entry with one check-in, changed by the test.
pb::Entry right() {
  pb::Entry entry;
  entry.set_n(2);
  entry.set_previous_hash(std::string(32, 'h'));
  entry.set_salt(std::string(16, 's'));
  entry.set_first_event_number(4);
  entry.set_boot(1);
  entry.set_boot_ms(10);
  entry.set_wall_unix_ms(1000);
  pb::Event* event = entry.add_events();
  event->set_visit_id(7);
  event->mutable_checked_in();
  return entry;
}

using Change = std::function<void(pb::Entry&)>;

std::string reasonOf(const Change& change) {
  pb::Entry entry = right();
  change(entry);
  const auto decoded = wire::decodeEntry(entry.SerializeAsString());
  return decoded.ok() ? "" : decoded.error().reason;
}

std::string limitsOf(const Change& change) {
  pb::Entry entry = right();
  change(entry);
  return wire::decodeEntry(entry.SerializeAsString()).value().limits;
}

}  // namespace

TEST_CASE("an entry whose frame is wrong is malformed") {
  CHECK(reasonOf([](pb::Entry&) {}).empty());
  const Change wrong[] = {
      [](pb::Entry& entry) { entry.clear_n(); },
      [](pb::Entry& entry) { entry.set_n(1); },
      [](pb::Entry& entry) { entry.clear_previous_hash(); },
      [](pb::Entry& entry) { entry.set_previous_hash("short"); },
      [](pb::Entry& entry) { entry.set_salt("short"); },
      [](pb::Entry& entry) { entry.set_checkpoint_size(9); },
      [](pb::Entry& entry) { entry.set_checkpoint_root_prefix(std::string(16, 'r')); },
      [](pb::Entry& entry) { entry.clear_events(); },
      [](pb::Entry& entry) { entry.clear_first_event_number(); },
      [](pb::Entry& entry) {
        entry.set_first_event_number(std::numeric_limits<std::uint64_t>::max());
      },
      [](pb::Entry& entry) { entry.mutable_events(0)->clear_visit_id(); },
      [](pb::Entry& entry) {
        for (std::size_t i = 0; i < visits::kEventsPerEntryMax; ++i)
          entry.add_events()->mutable_checked_out();
      },
  };
  for (const Change& change : wrong)
    CHECK(reasonOf(change) == "MALFORMED");
  CHECK(wire::decodeEntry("").error().reason == "MALFORMED");
  CHECK(wire::decodeEntry("no entry").error().reason == "MALFORMED");
  CHECK(wire::decodeEntry(std::string(visits::kEntryBytesMax + 1, '\0')).error().reason ==
        "MALFORMED");
}

TEST_CASE("times that leave the range are malformed and do not wrap") {
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  CHECK(reasonOf([](pb::Entry& entry) {
          entry.set_boot_ms(std::numeric_limits<std::uint64_t>::max());
          entry.mutable_events(0)->set_boot_delta_ms(1);
        }) == "MALFORMED");
  CHECK(reasonOf([](pb::Entry& entry) { entry.mutable_events(0)->set_wall_step_ms(kMost); }) ==
        "MALFORMED");
  CHECK(reasonOf([](pb::Entry& entry) {
          entry.mutable_events(0)->set_boot_delta_ms(static_cast<std::uint64_t>(kMost) + 1);
        }) == "MALFORMED");
}

TEST_CASE("a field outside its limits is named and the entry is still read") {
  CHECK(limitsOf([](pb::Entry&) {}).empty());
  const auto note = [](std::size_t length) {
    return limitsOf([length](pb::Entry& entry) {
      entry.mutable_events(0)->mutable_note_added()->set_text(std::string(length, 'n'));
    });
  };
  CHECK(note(visits::kNoteBytesMax).empty());
  CHECK(note(visits::kNoteBytesMax + 1) == "note text");
  CHECK(note(0) == "note text");
  const auto delay = [](std::uint32_t minutes) {
    return limitsOf([minutes](pb::Entry& entry) {
      entry.mutable_events(0)->mutable_running_late()->set_expected_delay_min(minutes);
    });
  };
  CHECK(delay(visits::kRunningLateMinMax).empty());
  CHECK_FALSE(delay(visits::kRunningLateMinMax + 1).empty());
  CHECK_FALSE(delay(0).empty());
}

TEST_CASE("a task says why it was not all done, and only then") {
  const auto task = [](pb::TaskOutcome outcome, pb::NotDoneReason reason,
                       std::uint32_t number = 1) {
    return limitsOf([=](pb::Entry& entry) {
      pb::TaskRecorded* record = entry.mutable_events(0)->mutable_task_recorded();
      record->set_task_number(number);
      record->set_outcome(outcome);
      record->set_reason(reason);
    });
  };
  CHECK(task(pb::TASK_OUTCOME_DONE, pb::NOT_DONE_REASON_UNSPECIFIED).empty());
  CHECK(task(pb::TASK_OUTCOME_PARTLY_DONE, pb::NOT_DONE_REASON_NO_TIME).empty());
  CHECK_FALSE(task(pb::TASK_OUTCOME_DONE, pb::NOT_DONE_REASON_NO_TIME).empty());
  CHECK_FALSE(task(pb::TASK_OUTCOME_NOT_DONE, pb::NOT_DONE_REASON_UNSPECIFIED).empty());
  CHECK_FALSE(task(pb::TASK_OUTCOME_UNSPECIFIED, pb::NOT_DONE_REASON_OTHER).empty());
  CHECK_FALSE(task(pb::TASK_OUTCOME_DONE, pb::NOT_DONE_REASON_UNSPECIFIED, 0).empty());
  CHECK_FALSE(task(static_cast<pb::TaskOutcome>(77), pb::NOT_DONE_REASON_OTHER).empty());
}

TEST_CASE("an amendment names an event before it") {
  const auto amends = [](std::uint64_t number) {
    return limitsOf([number](pb::Entry& entry) {
      pb::Amended* amended = entry.mutable_events(0)->mutable_amended();
      amended->set_event_number(number);
      amended->set_reason(pb::AMEND_REASON_WRONG_TAP);
    });
  };
  CHECK(amends(3).empty());
  CHECK_FALSE(amends(4).empty());
  CHECK_FALSE(amends(0).empty());
}

TEST_CASE("a clock says a time between 1970 and 2200, and a boot lasts no longer than a life") {
  const auto wall = [](std::int64_t unixMs) {
    return limitsOf([unixMs](pb::Entry& entry) { entry.set_wall_unix_ms(unixMs); });
  };
  CHECK(wall(0).empty());
  CHECK(wall(kUnixMsMax).empty());
  for (const std::int64_t none :
       {std::int64_t{-1}, kUnixMsMax + 1, std::numeric_limits<std::int64_t>::min(),
        std::numeric_limits<std::int64_t>::max()})
    CHECK(wall(none) == "wall_unix_ms");
  CHECK(limitsOf([](pb::Entry& entry) {
          pb::Event* later = entry.add_events();
          later->mutable_checked_out();
          later->set_wall_step_ms(std::int64_t{1} << 60);
        }) == "wall_unix_ms");
  CHECK(limitsOf([](pb::Entry& entry) { entry.set_boot_ms(visits::kBootMsMax); }).empty());
  CHECK(limitsOf([](pb::Entry& entry) { entry.set_boot_ms(visits::kBootMsMax + 1); }) == "boot_ms");
}

TEST_CASE("a corrected time and a distance are within what can be") {
  const auto corrected = [](std::int64_t unixMs) {
    return limitsOf([unixMs](pb::Entry& entry) {
      pb::Amended* amended = entry.mutable_events(0)->mutable_amended();
      amended->set_event_number(3);
      amended->set_reason(pb::AMEND_REASON_FORGOT_TO_RECORD);
      amended->set_corrected_time_unix_ms(unixMs);
    });
  };
  CHECK(corrected(1'790'000'000'000).empty());
  CHECK_FALSE(corrected(0).empty());
  CHECK_FALSE(corrected(std::numeric_limits<std::int64_t>::max()).empty());
  const auto distance = [](std::uint32_t metres) {
    return limitsOf([metres](pb::Entry& entry) {
      pb::PlaceEvidence* place = entry.mutable_events(0)->mutable_checked_in()->mutable_place();
      place->set_method(pb::PLACE_METHOD_POSITION);
      place->set_distance_m(metres);
    });
  };
  CHECK(distance(visits::kDistanceMMax).empty());
  CHECK_FALSE(distance(visits::kDistanceMMax + 1).empty());
}
