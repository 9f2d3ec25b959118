// SPDX-License-Identifier: Apache-2.0
#include "tests/support/county/county_day.h"

#include <algorithm>
#include <array>

#include "shared/core/durations.h"
#include "sync-server/roster/default_tasks.h"
#include "tests/support/county/county_random.h"

namespace doorstep::county {
namespace {

constexpr std::array<const char*, 6> kNotes = {"Ate well, in good spirits.",
                                               "A little tired today.",
                                               "Daughter visited this morning.",
                                               "Asked for the window to stay open.",
                                               "Skin looks fine.",
                                               "Milk is running out, please tell the family."};

class Script {
 public:
  Script(const Provider& provider, std::size_t carer, std::uint64_t seed)
      : provider_(provider), carer_(carer), random_(seed ^ (carer + 1) * 0x9E3779B97F4A7C15ULL) {}

  std::string write() {
    for (const Visit& visit : provider_.visits)
      if (std::find(visit.carers.begin(), visit.carers.end(), std::optional(carer_)) !=
          visit.carers.end())
        doVisit(visit);
    return text_;
  }

 private:
  void add(std::int64_t unixMs, const Visit& visit, const std::string& action,
           const std::string& rest = {}) {
    text_ += std::to_string(unixMs) + "," + action + "," + visit.ref +
             (rest.empty() ? "" : "," + rest) + "\n";
  }

  void doVisit(const Visit& visit) {
    if (random_.percent(1))
      return;  // forgotten: the board must find it
    std::int64_t now =
        visit.windowStartUnixMs + random_.between(-4, 24) * kMinuteMs + random_.between(0, 59'999);
    if (random_.percent(8)) {
      const std::int64_t delayMin = random_.between(15, 45);
      if (random_.percent(60))
        add(std::max(freeAt_, visit.windowStartUnixMs - 5 * kMinuteMs), visit, "late",
            std::to_string(delayMin));
      now = visit.windowEndUnixMs + delayMin * kMinuteMs;
    }
    now = std::max(now, freeAt_ + random_.between(4, 10) * kMinuteMs);
    if (random_.percent(2)) {
      add(now, visit, "no_entry", random_.percent(80) ? "no_reply" : "refused_at_door");
      freeAt_ = now + 5 * kMinuteMs;
      return;
    }
    add(now, visit, "check_in");
    const std::int64_t end = now + visit.durationMin * kMinuteMs * random_.between(75, 110) / 100;
    doTasks(visit, now, end);
    if (random_.percent(25))
      add(end - 30'000, visit, "note", kNotes[random_.below(kNotes.size())]);
    add(end, visit, "check_out");
    freeAt_ = end;
  }

  void doTasks(const Visit& visit, std::int64_t begin, std::int64_t end) {
    const auto tasks = roster::defaultTasks(visit.service, visit.durationMin,
                                            static_cast<std::uint32_t>(visit.carers.size()));
    const std::int64_t step =
        (end - begin - kMinuteMs) / static_cast<std::int64_t>(tasks.size() + 1);
    std::int64_t now = begin;
    for (const auto& task : tasks) {
      now += step;
      const std::string number = std::to_string(task.taskNumber);
      switch (random_.weighted({93, 3, 4})) {
        case 0:
          add(now, visit, "task", number + ",done");
          break;
        case 1:
          add(now, visit, "task", number + ",partly_done");
          break;
        default:
          add(now, visit, "task",
              number + ",not_done," + std::to_string(random_.percent(70) ? 1 : 4));
      }
    }
  }

  const Provider& provider_;
  const std::size_t carer_;
  Random random_;
  std::int64_t freeAt_ = 0;
  std::string text_;
};

}  // namespace

std::string carerScript(const Provider& provider, std::size_t carer, std::uint64_t seed) {
  return Script(provider, carer, seed).write();
}

}  // namespace doorstep::county
