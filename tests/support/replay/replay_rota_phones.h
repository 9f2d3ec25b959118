// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "shared/core/result.h"
#include "tests/support/replay/replay_rota_folder.h"
#include "tests/support/replay/replay_rota_processes.h"
#include "tests/support/replay/replay_rota_server.h"

namespace doorstep::replay {

// Totals reported by all phones.
struct PhoneFigures {
  std::uint64_t events = 0;
  std::uint64_t entries = 0;
  std::uint64_t acknowledgedEvents = 0;
  std::uint64_t quarantined = 0;
};

// One phone per carer: a folder, and successive processes in it. A few run at a time; a process
// that ended early, killed or not, is restarted until its work is done. Thread: one caller.
class Phones {
 public:
  Phones(Processes& processes, std::string program, std::filesystem::path folder,
         std::string clockFile);

  // Enrols each phone and pulls its first plan. Error PHONE_FAILED.
  Status enrol(const std::map<std::string, Enrolment>& enrolments);
  // Each phone records its taps at their times, offline. visits: id by ref. Error PHONE_FAILED.
  Status record(const std::vector<PlannedTap>& taps,
                const std::map<std::string, std::uint64_t>& visits);
  // Each phone connects and pushes until the server has everything. Error PHONE_FAILED.
  Result<PhoneFigures> exchange();

 private:
  struct Phone {
    std::filesystem::path folder;
    std::string enrolmentText;
  };
  // Runs each phone's command, attempt after attempt, until `done` accepts its output.
  using Command = std::function<std::vector<std::string>(const Phone&, int attempt)>;
  using Done = std::function<bool(const Ended&)>;
  Status runAll(const char* what, const Command& command, const Done& done);

  Processes& processes_;
  const std::string program_;
  const std::filesystem::path folder_;
  const std::string clockFile_;
  std::map<std::string, Phone> phones_;  // by the carer's ref
};

}  // namespace doorstep::replay
