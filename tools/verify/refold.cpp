// SPDX-License-Identifier: Apache-2.0
#include "tools/verify/refold.h"

#include <algorithm>
#include <set>
#include <utility>

#include "shared/visits/visit_fold.h"

namespace doorstep::verify {
namespace {

using Arrivals = std::map<std::pair<DeviceId, std::uint64_t>, attendance::EntryArrival>;

// The fold's carers are numbered as their pseudonyms come.
class CarerNumbers {
 public:
  CarerId of(const std::string& pseudonym) {
    const auto number = static_cast<std::uint64_t>(numbers_.size() + 1);
    return numbers_.emplace(pseudonym, CarerId(number)).first->second;
  }
  const std::map<std::string, CarerId>& all() const { return numbers_; }

 private:
  std::map<std::string, CarerId> numbers_;
};

std::map<std::string, attendance::AttendanceRecord> withTimes(const visits::VisitFold& fold,
                                                              const CarerNumbers& carers,
                                                              const Arrivals& arrivals,
                                                              bool bounded) {
  const auto arrivalOfEvent = [&](DeviceId device, std::uint64_t number) {
    attendance::EntryArrival arrival = std::prev(arrivals.upper_bound({device, number}))->second;
    if (!bounded)
      arrival.anchor.notBeforeUnixMs = 0;
    return arrival;
  };
  std::map<std::string, attendance::AttendanceRecord> records;
  for (const auto& [pseudonym, carer] : carers.all())
    if (const visits::Attendance* attended = fold.attendanceOf(carer))
      records.emplace(pseudonym, attendance::withTimes(*attended, arrivalOfEvent));
  return records;
}

}  // namespace

std::vector<attendance::AttendanceRecord> Refolded::records() const {
  std::vector<attendance::AttendanceRecord> all;
  for (const auto& [pseudonym, record] : carers)
    all.push_back(record);
  return all;
}

Refolded refold(const VisitCase& visit, const EntryProofs& entries, Findings& findings) {
  Refolded made;
  const auto wrong = [&](std::uint64_t position, const char* what) {
    made.broken = true;
    findings.add([&] {
      return "evidence.jsonl:" + std::to_string(visit.line) + ":1: visit " + oneLine(visit.ref) +
             ": the entry at position " + std::to_string(position) + " " + what;
    });
  };
  std::set<std::uint64_t> positions;
  for (const VisitId name : visit.names)
    positions.merge(entries.about(visit.provider, name));
  for (const auto& [position, pseudonym] : visit.carerOf)
    positions.insert(position);

  visits::VisitFold fold;
  CarerNumbers carers;
  Arrivals arrivals;
  for (const std::uint64_t position : positions) {
    const LoggedEntry* entry = entries.at(visit.provider, position);
    const auto carer = visit.carerOf.find(position);
    if (entry == nullptr) {
      wrong(position, "is listed, and no proof of it holds");
    } else if (carer == visit.carerOf.end()) {
      wrong(position, "speaks of it, and is not listed");
    } else if (!entry->header || !entry->arrival) {
      made.missing = "the bytes of an entry were erased";
    } else {
      arrivals[{entry->device, entry->firstEvent}] = entries.arrival(visit.provider, *entry);
      bool speaks = false;
      for (const visits::Event& event : entry->shown) {
        if (std::find(visit.names.begin(), visit.names.end(), event.visit) == visit.names.end())
          continue;
        speaks = true;
        fold.apply({entry->device, carers.of(carer->second), entry->header->boot, event});
      }
      if (!speaks)
        wrong(position, "is listed, and shows nothing about it");
    }
  }
  made.carers = withTimes(fold, carers, arrivals, true);
  made.unbounded = withTimes(fold, carers, arrivals, false);
  return made;
}

}  // namespace doorstep::verify
