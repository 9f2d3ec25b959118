// SPDX-License-Identifier: Apache-2.0
// doorstep-replay-rota DIR: lets a server and one phone for each carer live through a published
// rota, then asks the server for its answer and prints it as one JSON line. scripts/replay-rota
// builds what it needs and calls it.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <optional>
#include <random>

#include "shared/core/durations.h"
#include "shared/core/local_time.h"
#include "shared/core/shared_clock.h"
#include "sync-server/roster/rota/rota_reader.h"
#include "tests/support/replay/replay_rota_audit.h"
#include "tests/support/replay/replay_rota_folder.h"
#include "tests/support/replay/replay_rota_killer.h"
#include "tests/support/replay/replay_rota_phones.h"
#include "tests/support/replay/replay_rota_server.h"

namespace doorstep::replay {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kRealTimePpm = 1'000'000;
constexpr int kServerKillsAStep = 3;

struct Arguments {
  std::string rota;
  std::string serverProgram;
  std::string phoneProgram;
  bool kill = false;
  bool keep = false;
  std::optional<std::uint64_t> seed;
};

void tell(const std::string& what) {
  static const auto begun = std::chrono::steady_clock::now();
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  std::fprintf(stderr, "%6.1f s  %s\n", seconds, what.c_str());
}

// Whole minutes as such; a rota with seconds in it gives a fraction.
std::string minutes(std::int64_t ms) {
  char text[32];
  if (ms % kMinuteMs == 0)
    std::snprintf(text, sizeof(text), "%" PRId64, ms / kMinuteMs);
  else
    std::snprintf(text, sizeof(text), "%.4f", static_cast<double>(ms) / kMinuteMs);
  return text;
}

// Of the one import: what there was before, the rules and the plan.
constexpr std::uint64_t kOfficeEntries = 3;

struct Answer {
  ImportedRota rota;
  PhoneFigures phones;
  AuditFigures audit;

  // Nothing is missing, doubled or unproved.
  bool good() const {
    return audit.missing == 0 && audit.duplicates == 0 && audit.outsideInterval == 0 &&
           phones.quarantined == 0 && phones.acknowledgedEvents == phones.events &&
           audit.proofsVerified == phones.entries &&
           audit.logSize == phones.entries + kOfficeEntries;
  }
  void print() const {
    std::printf("{\"people\":%" PRIu64 ",\"carers\":%" PRIu64 ",\"visits\":%" PRIu64
                ",\"carer_visits\":%" PRIu64 ",\"double_handed_visits\":%" PRIu64
                ",\"total_lateness_min\":%s,\"highest_lateness_min\":%s,\"events\":%" PRIu64
                ",\"entries\":%" PRIu64 ",\"acknowledged\":%" PRIu64 ",\"missing\":%" PRIu64
                ",\"duplicates\":%" PRIu64 ",\"log_size\":%" PRIu64 ",\"office_entries\":%" PRIu64
                ",\"proofs_verified\":%" PRIu64 "}\n",
                rota.people, rota.carers, audit.visits, audit.carerVisits, audit.doubleHandedVisits,
                minutes(audit.totalLateMs).c_str(), minutes(audit.highestLateMs).c_str(),
                phones.events, phones.entries, phones.acknowledgedEvents, audit.missing,
                audit.duplicates, audit.logSize, kOfficeEntries, audit.proofsVerified);
  }
};

// The rota's own three files alone: a contracts.csv beside them would bring tolerances.
Status stageRota(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::create_directories(to, error);
  for (const char* name : {"people.csv", "carers.csv", "visits.csv"})
    fs::copy_file(from / name, to / name, error);
  return error ? Status(Error{ErrorCode::Unavailable, "COPY_FAILED", error.message()})
               : Status(kDone);
}

class Replay {
 public:
  Replay(const Arguments& arguments, const fs::path& folder)
      : arguments_(arguments),
        folder_(folder),
        clockFile_((folder / "clock").string()),
        processes_((folder / "processes.log").string()),
        server_(processes_, arguments.serverProgram, folder / "server", clockFile_),
        phones_(processes_, arguments.phoneProgram, folder / "phones", clockFile_) {}

  Result<Answer> run() {
    DOORSTEP_ASSIGN(const RotaFolder rota, readRotaFolder(arguments_.rota));
    for (const std::string& warning : rota.warnings)
      tell(warning);
    DOORSTEP_TRY(prepare(rota));
    if (arguments_.kill)
      startKilling();
    DOORSTEP_TRY(live(rota));
    if (killer_) {
      DOORSTEP_TRY(killer_->stop());
      tell("killed " + std::to_string(killer_->phoneKills()) + " phones and the server " +
           std::to_string(killer_->serverKills()) + " times");
    }
    return ask(rota);
  }

 private:
  // The clock stands two hours before anything of the rota, so that phones are devices before it.
  Status prepare(const RotaFolder& rota) {
    const std::int64_t begin = rota.firstUnixMs - 2 * kHourMs;
    DOORSTEP_TRY(setSharedClock(clockFile_, begin, kRealTimePpm));
    tell("the simulated clock says " + unixMsToLondon(begin));
    DOORSTEP_TRY(stageRota(arguments_.rota, folder_ / "rota"));
    DOORSTEP_TRY(server_.create());
    DOORSTEP_ASSIGN(answer_.rota, server_.importRota(folder_ / "rota"));
    tell("imported " + std::to_string(answer_.rota.people) + " people, " +
         std::to_string(answer_.rota.carers) + " carers, " + std::to_string(answer_.rota.visits) +
         " visits");
    DOORSTEP_TRY(server_.start());
    DOORSTEP_ASSIGN(enrolments_, server_.enrolments());
    DOORSTEP_ASSIGN(Api api, server_.signIn());
    DOORSTEP_ASSIGN(visits_, listVisits(api, answer_.rota.providerId));
    return kDone;
  }

  Status live(const RotaFolder& rota) {
    allowKills();
    DOORSTEP_TRY(phones_.enrol(enrolments_));
    tell("enrolled " + std::to_string(enrolments_.size()) + " phones");
    allowKills();
    DOORSTEP_TRY(phones_.record(rota.taps, visits_));
    tell("recorded " + std::to_string(rota.taps.size()) + " events without a network");
    DOORSTEP_TRY(setSharedClock(clockFile_, rota.lastUnixMs + 10 * kMinuteMs, kRealTimePpm));
    allowKills();
    DOORSTEP_ASSIGN(answer_.phones, phones_.exchange());
    tell("all phones are at the office: " + std::to_string(answer_.phones.entries) + " entries");
    return kDone;
  }

  Result<Answer> ask(const RotaFolder& rota) {
    // Signed in again: the first session may be older than a shift by now.
    DOORSTEP_ASSIGN(Api api, server_.signIn());
    DOORSTEP_ASSIGN(answer_.audit,
                    audit(api, answer_.rota.providerId, visits_, enrolments_, rota.taps));
    tell("verified " + std::to_string(answer_.audit.proofsVerified) + " proofs against a log of " +
         std::to_string(answer_.audit.logSize));
    if (answer_.audit.outsideInterval != 0)
      tell(std::to_string(answer_.audit.outsideInterval) +
           " events lie outside their trusted interval");
    if (answer_.phones.events != rota.taps.size())
      return Error{ErrorCode::DataLoss, "EVENTS_LOST",
                   "phones hold other events than were recorded"};
    server_.stop();
    return answer_;
  }

  void startKilling() {
    const std::uint64_t seed = arguments_.seed.value_or(std::random_device()());
    tell("killing at random moments; seed " + std::to_string(seed));
    killer_.emplace(processes_, server_, seed);
  }

  // Each step meets kills: enrolling takes longest and would use them all up.
  void allowKills() {
    if (killer_)
      killer_->allow(static_cast<int>(enrolments_.size() / 2) + 4, kServerKillsAStep);
  }

  const Arguments& arguments_;
  const fs::path folder_;
  const std::string clockFile_;
  Processes processes_;
  ReplayServer server_;
  Phones phones_;
  std::map<std::string, Enrolment> enrolments_;
  std::map<std::string, std::uint64_t> visits_;
  Answer answer_;
  std::optional<Killer> killer_;  // last: it stops before what it kills is gone
};

int replayIn(const Arguments& arguments, const fs::path& folder) {
  Replay replay(arguments, folder);
  const auto answer = replay.run();
  if (!answer.ok()) {
    std::fprintf(stderr, "replay-rota: %s\n%s\n", answer.error().reason.c_str(),
                 answer.error().text.c_str());
    return 1;
  }
  answer->print();
  return answer->good() ? 0 : 1;
}

int main(int count, char** values) {
  CLI::App cli(
      "Replays a rota with real processes and prints the server's answer as one JSON line.");
  Arguments arguments;
  cli.add_option("folder", arguments.rota,
                 "Folder with people.csv, carers.csv, visits.csv, actuals.csv")
      ->required();
  cli.add_option("--server", arguments.serverProgram, "doorstep-server")->required();
  cli.add_option("--phone", arguments.phoneProgram, "doorstep-phone")->required();
  cli.add_flag("--kill", arguments.kill, "Kill server and phones at random moments");
  cli.add_option("--seed", arguments.seed, "Seed of the moments");
  cli.add_flag("--keep", arguments.keep, "Keep the working folder");
  CLI11_PARSE(cli, count, values);

  std::string pattern = (fs::temp_directory_path() / "doorstep-replay-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) {
    std::perror("replay-rota: no working folder");
    return 1;
  }
  const int exitCode = replayIn(arguments, pattern);
  if (exitCode != 0 || arguments.keep) {
    std::fprintf(stderr, "The working folder is %s; processes.log in it says more.\n",
                 pattern.c_str());
  } else {
    std::error_code ignored;
    fs::remove_all(pattern, ignored);
  }
  return exitCode;
}

}  // namespace
}  // namespace doorstep::replay

int main(int count, char** values) { return doorstep::replay::main(count, values); }
