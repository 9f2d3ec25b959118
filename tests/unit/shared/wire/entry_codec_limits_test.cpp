// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <functional>
#include <iterator>
#include <limits>
#include <vector>

#include "doorstep/visit/v1/entry.pb.h"
#include "doorstep/visit/v1/event.pb.h"
#include "shared/core/time_range.h"
#include "shared/visits/limits.h"
#include "shared/wire/entry_codec.h"

using namespace doorstep;
namespace pb = doorstep::visit::v1;

namespace {

// The parts of a right entry with one check-in, changed by the test.
struct Parts {
  pb::EntryHeader header;
  pb::SignedEntry entry;
  pb::Fact fact;

  Parts() {
    header.set_n(2);
    header.set_previous_hash(std::string(32, 'h'));
    header.set_first_event_number(4);
    header.set_boot(1);
    entry.set_salt(std::string(16, 's'));
    entry.add_subject_ids(7);
    entry.add_boot_deltas_ms(10);
    entry.set_wall_unix_ms(1000);
    fact.mutable_checked_in();
  }
  // Another event behind the last.
  void add(std::uint64_t bootDeltaMs = 0) {
    entry.add_boot_deltas_ms(bootDeltaMs);
    extra.push_back("");
    pb::Fact out;
    out.mutable_checked_out();
    extra.back() = out.SerializeAsString();
  }
  void addStep(std::int64_t between, std::int64_t stepMs) {
    entry.add_wall_steps(between);
    entry.add_wall_steps(stepMs);
  }
  std::string bytes() {
    entry.set_header(header.SerializeAsString());
    if (!noFacts)
      entry.add_facts(fact.SerializeAsString());
    for (const std::string& one : extra)
      entry.add_facts(one);
    return entry.SerializeAsString();
  }
  bool noFacts = false;
  std::vector<std::string> extra;
};

using Change = std::function<void(Parts&)>;

std::string reasonOf(const Change& change) {
  Parts parts;
  change(parts);
  const auto decoded = wire::decodeEntry(parts.bytes());
  return decoded.ok() ? "" : decoded.error().reason;
}

std::string limitsOf(const Change& change) {
  Parts parts;
  change(parts);
  return wire::decodeEntry(parts.bytes()).value().limits;
}

pb::SealedEvent sealedAt(std::uint32_t index, std::size_t hashBytes = 32) {
  pb::SealedEvent sealed;
  sealed.set_index(index);
  sealed.set_event_hash(std::string(hashBytes, 'h'));
  return sealed;
}

}  // namespace

TEST_CASE("an entry whose frame is wrong is malformed") {
  CHECK(reasonOf([](Parts&) {}).empty());
  CHECK(reasonOf([](Parts& parts) { *parts.entry.add_sealed_events() = sealedAt(1); }).empty());
  const Change wrong[] = {
      [](Parts& parts) { parts.header.clear_n(); },
      [](Parts& parts) { parts.header.set_n(1); },
      [](Parts& parts) { parts.header.clear_previous_hash(); },
      [](Parts& parts) { parts.header.set_previous_hash("short"); },
      [](Parts& parts) { parts.entry.set_salt("short"); },
      [](Parts& parts) { parts.header.set_checkpoint_size(9); },
      [](Parts& parts) { parts.header.set_checkpoint_root_prefix(std::string(16, 'r')); },
      [](Parts& parts) { parts.noFacts = true; },
      [](Parts& parts) { parts.header.clear_first_event_number(); },
      [](Parts& parts) {
        parts.header.set_first_event_number(std::numeric_limits<std::uint64_t>::max());
      },
      [](Parts& parts) { parts.entry.set_subject_ids(0, 0); },
      [](Parts& parts) { parts.entry.clear_subject_ids(); },
      [](Parts& parts) { parts.entry.add_subject_ids(8); },
      [](Parts& parts) { parts.entry.add_subject_event_counts(1); },
      [](Parts& parts) {
        parts.entry.add_subject_ids(8);
        parts.entry.add_subject_event_counts(1);
      },
      [](Parts& parts) {
        parts.add();
        parts.entry.add_subject_ids(8);
        parts.entry.add_subject_event_counts(0);
      },
      [](Parts& parts) { parts.entry.clear_boot_deltas_ms(); },
      [](Parts& parts) { parts.entry.add_boot_deltas_ms(1); },
      [](Parts& parts) { parts.addStep(0, 5); },
      [](Parts& parts) {
        parts.add();
        parts.addStep(1, 5);
      },
      [](Parts& parts) {
        parts.add();
        parts.addStep(-1, 5);
      },
      [](Parts& parts) {
        parts.add();
        parts.addStep(0, 0);
      },
      [](Parts& parts) {
        parts.add();
        parts.addStep(0, 5);
        parts.addStep(0, 5);
      },
      [](Parts& parts) {
        parts.add();
        parts.addStep(std::numeric_limits<std::int64_t>::max(), 5);
      },
      [](Parts& parts) {
        parts.add();
        parts.entry.add_wall_steps(0);
      },
      [](Parts& parts) { *parts.entry.add_sealed_events() = sealedAt(2); },
      [](Parts& parts) { *parts.entry.add_sealed_events() = sealedAt(1, 31); },
      [](Parts& parts) {
        *parts.entry.add_sealed_events() = sealedAt(0);
        *parts.entry.add_sealed_events() = sealedAt(0);
      },
      [](Parts& parts) {
        for (std::size_t i = 0; i < visits::kEventsPerEntryMax; ++i)
          parts.add();
      },
  };
  for (std::size_t i = 0; i < std::size(wrong); ++i) {
    INFO(i);
    CHECK(reasonOf(wrong[i]) == "MALFORMED");
  }
  CHECK(wire::decodeEntry("").error().reason == "MALFORMED");
  CHECK(wire::decodeEntry("no entry").error().reason == "MALFORMED");
  CHECK(wire::decodeEntry(std::string(visits::kEntryBytesMax + 1, '\0')).error().reason ==
        "MALFORMED");
}

TEST_CASE("times that leave the range are malformed and do not wrap") {
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  CHECK(reasonOf([](Parts& parts) {
          parts.entry.set_boot_deltas_ms(0, std::numeric_limits<std::uint64_t>::max());
          parts.add(1);
        }) == "MALFORMED");
  CHECK(reasonOf([](Parts& parts) {
          parts.add();
          parts.addStep(0, kMost);
        }) == "MALFORMED");
  CHECK(reasonOf([](Parts& parts) { parts.add(static_cast<std::uint64_t>(kMost) + 1); }) ==
        "MALFORMED");
}

TEST_CASE("a field outside its limits is named and the entry is still read") {
  CHECK(limitsOf([](Parts&) {}).empty());
  const auto note = [](std::size_t length) {
    return limitsOf([length](Parts& parts) {
      parts.fact.mutable_note_added()->set_text(std::string(length, 'n'));
    });
  };
  CHECK(note(visits::kNoteBytesMax).empty());
  CHECK(note(visits::kNoteBytesMax + 1) == "note text");
  CHECK(note(0) == "note text");
  const auto delay = [](std::uint32_t minutes) {
    return limitsOf([minutes](Parts& parts) {
      parts.fact.mutable_running_late()->set_expected_delay_min(minutes);
    });
  };
  CHECK(delay(visits::kRunningLateMinMax).empty());
  CHECK_FALSE(delay(visits::kRunningLateMinMax + 1).empty());
  CHECK_FALSE(delay(0).empty());
}

TEST_CASE("a task says why it was not all done, and only then") {
  const auto task = [](pb::TaskOutcome outcome, pb::NotDoneReason reason,
                       std::uint32_t number = 1) {
    return limitsOf([=](Parts& parts) {
      pb::TaskRecorded* record = parts.fact.mutable_task_recorded();
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
    return limitsOf([number](Parts& parts) {
      pb::Amended* amended = parts.fact.mutable_amended();
      amended->set_event_number(number);
      amended->set_reason(pb::AMEND_REASON_WRONG_TAP);
      amended->mutable_withdrawn();
    });
  };
  CHECK(amends(3).empty());
  CHECK_FALSE(amends(4).empty());
  CHECK_FALSE(amends(0).empty());
}

TEST_CASE("a clock says a time between 1970 and 2200, and a boot lasts no longer than a life") {
  const auto wall = [](std::int64_t unixMs) {
    return limitsOf([unixMs](Parts& parts) { parts.entry.set_wall_unix_ms(unixMs); });
  };
  CHECK(wall(0).empty());
  CHECK(wall(kUnixMsMax).empty());
  for (const std::int64_t none :
       {std::int64_t{-1}, kUnixMsMax + 1, std::numeric_limits<std::int64_t>::min(),
        std::numeric_limits<std::int64_t>::max()})
    CHECK(wall(none) == "wall_unix_ms");
  CHECK(limitsOf([](Parts& parts) {
          parts.add();
          parts.addStep(0, std::int64_t{1} << 60);
        }) == "wall_unix_ms");
  CHECK(limitsOf([](Parts& parts) {
          parts.entry.set_boot_deltas_ms(0, visits::kBootMsMax);
        }).empty());
  CHECK(limitsOf([](Parts& parts) { parts.entry.set_boot_deltas_ms(0, visits::kBootMsMax + 1); }) ==
        "boot_ms");
}

TEST_CASE("a corrected time and a distance are within what can be") {
  const auto corrected = [](std::int64_t unixMs) {
    return limitsOf([unixMs](Parts& parts) {
      pb::Amended* amended = parts.fact.mutable_amended();
      amended->set_event_number(3);
      amended->set_reason(pb::AMEND_REASON_FORGOT_TO_RECORD);
      amended->set_corrected_time_unix_ms(unixMs);
    });
  };
  CHECK(corrected(1'790'000'000'000).empty());
  CHECK_FALSE(corrected(0).empty());
  CHECK_FALSE(corrected(std::numeric_limits<std::int64_t>::max()).empty());
  const auto distance = [](std::uint32_t metres) {
    return limitsOf([metres](Parts& parts) {
      pb::PlaceEvidence* place = parts.fact.mutable_checked_in()->mutable_place();
      place->set_method(pb::PLACE_METHOD_POSITION);
      place->set_distance_m(metres);
    });
  };
  CHECK(distance(visits::kDistanceMMax).empty());
  CHECK_FALSE(distance(visits::kDistanceMMax + 1).empty());
  const auto fix = [](std::uint32_t accuracyM, std::uint32_t ageS) {
    return limitsOf([=](Parts& parts) {
      pb::PlaceEvidence* place = parts.fact.mutable_checked_out()->mutable_place();
      place->set_method(pb::PLACE_METHOD_POSITION);
      place->set_accuracy_m(accuracyM);
      place->set_fix_age_s(ageS);
    });
  };
  CHECK(fix(visits::kAccuracyMMax, visits::kFixAgeSMax).empty());
  CHECK(fix(visits::kAccuracyMMax + 1, 0) == "place.accuracy_m");
  CHECK(fix(0, visits::kFixAgeSMax + 1) == "place.fix_age_s");
}
