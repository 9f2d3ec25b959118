// SPDX-License-Identifier: Apache-2.0
// doorstep-simulate: runs seeds and says which one fails and how to repeat it. One in eight runs
// twice and must have the same history: what depends on anything but the seed does so in most.
#include <fmt/format.h>

#include <malloc.h>
#include <sqlite3.h>

#include <CLI/CLI.hpp>
#include <chrono>

#include "tests/simulation/world.h"

namespace {

using namespace doorstep::simulation;

constexpr std::uint64_t kRepeatedOf = 8;
constexpr int kKeptBytes = 256 << 20;  // several worlds need less

struct Totals {
  std::uint64_t seeds = 0;
  std::uint64_t phoneDays = 0;
  std::uint64_t events = 0;
  std::uint64_t intervals = 0;
  std::uint64_t faults = 0;
  std::uint64_t steps = 0;
};

std::string otherHistory(std::uint64_t seed, Planted planted, std::uint64_t traceHash) {
  SometimesCounts again;
  const WorldReport second = World({seed, planted}, again).run();
  return traceHash == second.traceHash
             ? std::string()
             : fmt::format("the same seed gave two histories: {:016x} and {:016x}", traceHash,
                           second.traceHash);
}

// Empty: the seed held.
std::string runSeed(std::uint64_t seed, Planted planted, SometimesCounts& sometimes,
                    Totals& totals) {
  const WorldReport first = World({seed, planted}, sometimes).run();
  totals.seeds += 1;
  totals.phoneDays += first.phoneDays;
  totals.events += first.events;
  totals.intervals += first.intervals;
  totals.faults += first.faults;
  totals.steps += first.steps;
  if (first.broken.empty() && seed % kRepeatedOf == 1)
    return otherHistory(seed, planted, first.traceHash);
  return first.broken;
}

int proveChecks() {
  const std::pair<Planted, const char*> bugs[] = {
      {Planted::ServerDiskLies, "the server answers before its commit is durable"},
      {Planted::PhoneDiskLies, "the phone confirms a tap before it is durable"},
      {Planted::ServerForgetsHead, "the server forgets what it holds of a device"},
      {Planted::ServerDropsPoison, "the server throws away what it cannot take"},
      {Planted::PhoneDeletesOnRefusal, "the phone deletes what is unsent when it is refused"},
      {Planted::RoundFromPlan, "what is begun leaves the round with the plan"},
      {Planted::RoundEndsAtMidnight, "the round is that of the day"},
      {Planted::OfficeBelievesTheSending, "the phone shows what it sent as received"},
      {Planted::BoardKeepsToItsDay, "the board shows its day and nothing else"},
      {Planted::BoardBelievesThePlan, "the board says 'cancelled' although a carer was there"},
      {Planted::ServerLeavesAside, "what was set aside for lack of a plan stays so"},
      {Planted::PhoneTellsNoPlan, "the phone does not answer UNKNOWN_VISIT with its plan"},
      {Planted::PhoneNeedsPlanCopy, "a damaged copy of the plan keeps the phone from opening"},
      {Planted::PhoneTakesEmptyJournal, "a journal that is gone begins anew under the old number"},
      {Planted::ServerGuardsOpenNumbers, "unsigned bytes at a number keep the true entry out"},
      {Planted::JudgedByNewestPlan, "a plan that is moved afterwards judges what happened before"},
      {Planted::LotOfToday, "a visit is of the lot that its person has today"},
      {Planted::OfficeSaysNothing, "the plan is changed without an entry of the log"},
      {Planted::RulesInOneLog, "rules of several providers change in the log of one"},
      {Planted::CouncilSeesOneProvider, "a council sees one provider of a contract"},
      {Planted::ProviderSeesContract, "a provider sees the other parties of its contract"},
      {Planted::CorrectionReachesBack, "a correction changes a day before the one that it says"},
      {Planted::CorrectionUnsaid, "a corrected record does not say what it showed before"},
      {Planted::RecordsStayAsJudged, "a late entry does not have its visit judged again"},
      {Planted::ServerDropsLaterSubjects, "what is about unknown subjects is thrown away"},
  };
  int missed = 0;
  for (const auto& [planted, what] : bugs) {
    std::string caught;
    std::uint64_t seed = 0;
    SometimesCounts sometimes;
    Totals totals;
    while (caught.empty() && ++seed <= 20)
      caught = runSeed(seed, planted, sometimes, totals);
    fmt::print("planted: {}\n  {}\n", what,
               caught.empty() ? "NOT FOUND in 20 seeds"
                              : fmt::format("found by seed {}: {}", seed, caught));
    missed += caught.empty() ? 1 : 0;
  }
  return missed == 0 ? 0 : 1;
}

bool printSometimes(const SometimesCounts& sometimes) {
  bool all = true;
  for (std::size_t i = 0; i < kSometimesNames.size(); ++i) {
    fmt::print("  {:>8}  {}\n", sometimes.counts()[i], kSometimesNames[i]);
    all = all && sometimes.counts()[i] > 0;
  }
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  // One thread, whose disks are strings: SQLite needs no locks, and memory is kept, not given back
  // to the system and taken anew.
  sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  mallopt(M_MMAP_THRESHOLD, kKeptBytes);
  mallopt(M_TRIM_THRESHOLD, kKeptBytes);
  CLI::App app{"Simulates phones, network and server from seeds, with faults."};
  std::uint64_t from = 1;
  std::uint64_t count = 1;
  double minutes = 0;
  bool prove = false;
  bool all = false;
  app.add_option("--from", from, "first seed");
  app.add_option("--seeds", count, "how many seeds");
  app.add_option("--minutes", minutes, "go on with new seeds for this long instead");
  app.add_flag("--sometimes", all, "fail when one of the faults was never met");
  app.add_flag("--prove", prove, "plant bugs and fail unless they are found");
  CLI11_PARSE(app, argc, argv);
  if (prove)
    return proveChecks();

  using Tick = std::chrono::steady_clock;
  const auto begun = Tick::now();
  const auto seconds = [&] { return std::chrono::duration<double>(Tick::now() - begun).count(); };
  SometimesCounts sometimes;
  Totals totals;
  for (std::uint64_t seed = from; minutes > 0 ? seconds() < minutes * 60 : seed < from + count;
       ++seed) {
    const std::string broken = runSeed(seed, Planted::Nothing, sometimes, totals);
    if (!broken.empty()) {
      fmt::print("seed {} FAILS: {}\nrepeat it: doorstep-simulate --from {} --seeds 1\n", seed,
                 broken, seed);
      return 1;
    }
    if (totals.seeds % 50 == 0)
      fmt::print(stderr, "{} seeds, {:.0f} s\n", totals.seeds, seconds());
  }
  fmt::print(
      "{} seeds from {} in {:.1f} s, one in {} twice: {} phone-days, {} events in the log, {} "
      "intervals, {} faults, {} steps\n",
      totals.seeds, from, seconds(), kRepeatedOf, totals.phoneDays, totals.events, totals.intervals,
      totals.faults, totals.steps);
  const bool met = printSometimes(sometimes);
  if (all && !met) {
    fmt::print("a fault was never met: these seeds do not test what they are for\n");
    return 1;
  }
  fmt::print("all invariants held\n");
  return 0;
}
