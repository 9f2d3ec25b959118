// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <random>
#include <thread>

#include "shared/core/mutex.h"
#include "tests/support/replay/replay_rota_processes.h"
#include "tests/support/replay/replay_rota_server.h"

namespace doorstep::replay {

// Kills phones and the server at random moments, on a separate thread, up to the number allowed for
// each step of the replay, so that the replay ends. The moments depend on the machine too, so a run
// is not fully determined by its seed.
class Killer {
 public:
  Killer(Processes& processes, ReplayServer& server, std::uint64_t seed);
  ~Killer() { (void)stop(); }

  // Sets the number of kills allowed from now on.
  void allow(int phoneKills, int serverKills);
  // No kill after this. Error SERVER_NOT_STARTED when a restart of the server has failed.
  Status stop();
  int phoneKills() const { return phoneKills_; }
  int serverKills() const { return serverKills_; }

 private:
  void run();
  std::uint64_t random(std::uint64_t below) { return engine_() % below; }

  Processes& processes_;
  ReplayServer& server_;
  std::mt19937_64 engine_;
  std::atomic<int> phoneKillsLeft_{0};
  std::atomic<int> serverKillsLeft_{0};
  int phoneKills_ = 0;  // read after stop
  int serverKills_ = 0;
  Status health_ = kDone;

  Mutex mutex_;
  Condition changed_;
  bool stopping_ DOORSTEP_GUARDED_BY(mutex_) = false;

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace doorstep::replay
