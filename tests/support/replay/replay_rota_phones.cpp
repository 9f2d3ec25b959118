// SPDX-License-Identifier: Apache-2.0
#include "tests/support/replay/replay_rota_phones.h"

#include <atomic>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "shared/core/mutex.h"

namespace doorstep::replay {
namespace {

// Phone processes at a time: they wait for disk and network as much as they compute.
constexpr std::size_t kRunningMax = 6;
// What a phone may need for one step, killed servers and waits after killed PIN attempts included.
constexpr std::chrono::seconds kStepMax{90};
constexpr std::chrono::milliseconds kAfterFailure{25};

// The object on the last line, where the phone says where things stand.
std::optional<nlohmann::json> standing(const std::string& output) {
  const auto start = output.rfind('{');
  if (start == std::string::npos)
    return std::nullopt;
  auto parsed = nlohmann::json::parse(output.substr(start), nullptr, false);
  return parsed.is_object() ? std::optional(std::move(parsed)) : std::nullopt;
}

// What the threads of a step have in common.
template <typename Value>
struct Shared {
  Mutex mutex;
  Value value DOORSTEP_GUARDED_BY(mutex);
};

const char* word(Tap tap) { return tap == Tap::CheckIn ? "check_in" : "check_out"; }

}  // namespace

Phones::Phones(Processes& processes, std::string program, std::filesystem::path folder,
               std::string clockFile)
    : processes_(processes),
      program_(std::move(program)),
      folder_(std::move(folder)),
      clockFile_(std::move(clockFile)) {}

Status Phones::runAll(const char* what, const Command& command, const Done& done) {
  std::vector<std::pair<std::string, const Phone*>> work;
  for (const auto& [ref, phone] : phones_)
    work.emplace_back(ref, &phone);
  std::atomic<std::size_t> next{0};
  Shared<std::optional<Error>> failure;
  const auto runOne = [&](const std::string& ref, const Phone& phone) {
    std::vector<std::string> line{
        program_, "--dir", phone.folder.string(), "--clock", clockFile_, "--scrypt-log-n", "4"};
    const auto deadline = std::chrono::steady_clock::now() + kStepMax;
    for (int attempt = 0; std::chrono::steady_clock::now() < deadline; ++attempt) {
      auto whole = line;
      const auto arguments = command(phone, attempt);
      whole.insert(whole.end(), arguments.begin(), arguments.end());
      const Ended ended = processes_.run(whole, "", true);
      if (done(ended))
        return;
      if (!ended.killed)
        std::this_thread::sleep_for(kAfterFailure);
    }
    const MutexLock lock(failure.mutex);
    failure.value =
        Error{ErrorCode::Internal, "PHONE_FAILED", "the phone of " + ref + " could not " + what};
  };
  std::vector<std::thread> workers;
  for (std::size_t i = 0; i < std::min(kRunningMax, work.size()); ++i) {
    workers.emplace_back([&] {
      for (std::size_t at = next++; at < work.size(); at = next++)
        runOne(work[at].first, *work[at].second);
    });
  }
  for (std::thread& worker : workers)
    worker.join();
  const MutexLock lock(failure.mutex);
  return failure.value ? Status(*failure.value) : Status(kDone);
}

Status Phones::enrol(const std::map<std::string, Enrolment>& enrolments) {
  for (const auto& [ref, enrolment] : enrolments) {
    const auto path = folder_ / std::to_string(enrolment.carerId);
    std::filesystem::create_directories(path);
    phones_[ref] = {path, enrolment.text};
  }
  const auto wasOk = [](const Ended& ended) { return ended.ok(); };
  DOORSTEP_TRY(runAll(
      "enrol",
      // One that was killed may have enrolled: then it has a standing.
      [](const Phone& phone, int attempt) -> std::vector<std::string> {
        if (attempt % 2 == 1)
          return {"status"};
        return {"enrol", "--text", phone.enrolmentText};
      },
      wasOk));
  return runAll(
      "take its plan", [](const Phone&, int) -> std::vector<std::string> { return {"exchange"}; },
      wasOk);
}

Status Phones::record(const std::vector<PlannedTap>& taps,
                      const std::map<std::string, std::uint64_t>& visits) {
  std::map<std::string, std::string> scripts;
  for (const PlannedTap& tap : taps) {
    const auto visit = visits.find(tap.visitRef);
    if (visit == visits.end() || !phones_.contains(tap.carerRef))
      return Error{ErrorCode::Internal, "PLAN_INCOMPLETE",
                   "the server does not list " + tap.visitRef};
    scripts[tap.carerRef] += std::to_string(tap.unixMs) + "," + word(tap.tap) + ",#" +
                             std::to_string(visit->second) + "\n";
  }
  for (const auto& [ref, phone] : phones_)
    std::ofstream(phone.folder / "script.csv") << scripts[ref];
  return runAll(
      "record",
      [](const Phone& phone, int) -> std::vector<std::string> {
        return {"record", "--script", (phone.folder / "script.csv").string()};
      },
      [](const Ended& ended) { return ended.ok(); });
}

Result<PhoneFigures> Phones::exchange() {
  Shared<PhoneFigures> total;
  DOORSTEP_TRY(runAll(
      "push what it recorded",
      [](const Phone&, int) -> std::vector<std::string> {
        return {"exchange", "--until-drained"};
      },
      [&](const Ended& ended) {
        const auto said = standing(ended.output);
        if (!ended.ok() || !said)
          return false;
        const MutexLock lock(total.mutex);
        PhoneFigures& figures = total.value;
        figures.events += said->value("events", 0ULL);
        figures.entries += said->value("entries", 0ULL);
        figures.acknowledgedEvents += said->value("acknowledged_events", 0ULL);
        figures.quarantined += said->value("quarantined", 0ULL);
        return true;
      }));
  const MutexLock lock(total.mutex);
  return total.value;
}

}  // namespace doorstep::replay
