// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/checker.h"
#include "tests/simulation/county_view.h"
#include "tests/simulation/faults.h"
#include "tests/simulation/later_phone.h"
#include "tests/simulation/record_history.h"
#include "tests/simulation/simulated_phone.h"
#include "tests/simulation/simulated_server.h"
#include "tests/support/later_server.h"

namespace doorstep::simulation {

struct WorldOptions {
  std::uint64_t seed = 1;
  Planted planted = Planted::Nothing;
};

struct WorldReport {
  std::string broken;           // the violated invariant and its place; empty: none
  std::uint64_t traceHash = 0;  // over every step and its outcome
  std::uint64_t steps = 0;
  std::uint64_t phoneDays = 0;
  std::uint64_t events = 0;
  std::uint64_t intervals = 0;
  std::uint64_t faults = 0;
};

// Phones, network and server of one seed in one thread on virtual time: a queue of steps ordered by
// time, then by order of scheduling, so that a seed determines the history. Days of rounds with
// faults, then hours of healing in which everything must settle, then the final checks.
class World {
 public:
  World(const WorldOptions& options, SometimesCounts& sometimes);
  WorldReport run();

 private:
  using Step = std::function<void()>;
  struct Line {  // one phone's network and outstanding calls
    bool up = true;
    std::uint64_t exchange = 0;  // outstanding; 0: none
    std::uint64_t watch = 0;     // open; 0: none
    std::uint64_t wake = 0;      // number of the newest requested wake-up
    bool lostAnswer = false;
    std::int64_t offlineSinceMs = 0;
    VisitId current;                   // in progress
    std::vector<VisitId> dueOnScreen;  // when she last looked, by the plan of then
    std::uint32_t tapsLeft = 0;
    std::uint64_t lastTapEvent = 0;
    std::int64_t refusedUntilMs = 0;  // revoked by mistake until then
    bool journalDamaged = false;      // at the next start
    bool awaitsCode = false;          // the journal was lost: enrolment is due
    support::LaterServer later;       // changes answers when the server is of a later release
    std::uint32_t stolen = 0;         // entries pushed by a thief
  };

  // --- time ---
  void at(std::int64_t delayMs, Step step);
  void atLife(std::size_t phone, std::int64_t delayMs,
              Step step);  // dropped if the phone has restarted since
  void runUntil(std::int64_t unixMs);
  void trace(std::string_view what, std::uint64_t a, std::uint64_t b = 0);
  void require(const std::string& broken);
  void fault(Sometimes what);
  std::int64_t delay();

  // --- creation ---
  void makePhones();
  void enrol(std::size_t phone, CarerId carer, std::int64_t driftPpm);
  void planDays();

  // --- the office ---
  void drawRota();
  // I17, I18 and I20 after a change of the plan.
  void requireHistory(const Result<PastRecords>& before, std::int64_t nowUnixMs,
                      const Correction* correction = nullptr);
  // False: a power cut, or an invariant is violated. correction: that the file contains.
  bool importRota(const Correction* correction = nullptr);
  void knowPlan();
  void withhold(std::int64_t fromUnixMs);
  void importWithheld();
  void bringBackUnknown();
  void reassign();
  void replan();
  std::size_t drawVisitToChange(bool& isBegun);
  void hintAll(std::uint64_t cursor);

  // --- the county ---
  void planCounty();
  void importBeside(std::size_t neighbour);
  void changeCounty();
  void passLotOn(bool corrects);
  void correctTerms();
  std::int64_t drawPastDay(std::int64_t today);
  void recordLater();
  void sendLater();
  void laterAnswered(const std::string& bytes);
  void checkLater();

  // --- a phone ---
  void startPhone(std::size_t phone);
  void stopPhone(std::size_t phone, bool power);
  void phoneWentDown(std::size_t phone);
  void work(std::size_t phone);
  std::vector<VisitId> leftUnderTheTap(std::size_t phone) const;
  void chooseVisit(std::size_t phone);
  void tap(std::size_t phone);
  recording::Intent drawIntent(std::size_t phone);
  void mischief(std::size_t phone);
  void lock(std::size_t phone);
  void damagePlanCopy(std::size_t phone);
  void damageJournal(std::size_t phone);
  void awaitCode(std::size_t phone);
  void enrolAnew(std::size_t phone);
  void thiefPushes(std::size_t phone);
  void lookAtRound(std::size_t phone);
  void leaveNetwork(std::size_t phone);
  void carryOut(std::size_t phone, const sync::Actions& actions);
  void carryOut(std::size_t phone, const sync::SendExchange& send);

  // --- the network and the server ---
  void deliver(SimulatedServer::Request request);
  void commitQueued();
  void reply(const SimulatedServer::Request& request, const Result<std::string>& bytes);
  void answered(std::size_t phone, std::uint64_t exchange, const std::string& bytes,
                std::uint64_t era);
  void failed(std::size_t phone, std::uint64_t exchange, const Error& error);
  bool refuses(std::size_t phone);
  void hearLaterServer(std::size_t phone, doorstep::sync::v1::ExchangeResponse& response);
  void noteAnswer(std::size_t phone, const doorstep::sync::v1::ExchangeResponse& response);
  void serverWentDown();
  void startServer();
  void lookAtBoardLater();
  void backUp();
  void restoreServer();
  void heal();

  const WorldOptions options_;
  SometimesCounts& sometimes_;
  Draw draw_;
  Draw county_;
  Faults faults_;
  TrueTime time_;
  const std::int64_t beginUnixMs_;
  std::map<std::pair<std::int64_t, std::uint64_t>, Step> steps_;
  std::uint64_t stepCount_ = 0;
  std::uint64_t traceHash_ = 1469598103934665603ULL;
  WorldReport report_;

  SimulatedServer server_;
  Checker checker_;
  std::vector<std::unique_ptr<SimulatedPhone>> phones_;
  std::vector<std::unique_ptr<SimulatedPhone>> retired_;  // devices whose journal was lost
  std::vector<Line> lines_;
  std::vector<SimulatedServer::Request> queued_;
  bool commitAsked_ = false;
  std::uint64_t serverLife_ = 0;
  std::vector<CarerId> carers_;
  std::vector<VisitId> visits_;          // in the plan in force
  roster::Rota rota_;                    // the office's, independent of the server
  std::set<std::string> leftOut_;        // refs omitted from its next file
  std::set<std::string> notImported_;    // refs of an import that will be lost: all ...
  std::set<std::string> withheld_;       // ... and those not (yet again) imported
  std::map<VisitId, std::string> refs_;  // by every id that a visit ever had
  VisitNames names_;
  CrashDisk::Image backup_;
  struct Neighbour {  // a provider that shares the first one's contract; its phones stay silent
    std::string name;
    roster::Rota rota;
  };
  std::vector<Neighbour> neighbours_;
  ProviderOfRefs owners_;
  bool lotPassed_ = false;  // the other lot is the second council's, by the first provider's files
  std::optional<LaterPhone> later_;
  bool healing_ = false;
  bool ended_ = false;
  int days_ = 2;
};

}  // namespace doorstep::simulation
