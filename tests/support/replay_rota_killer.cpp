// SPDX-License-Identifier: Apache-2.0
#include "tests/support/replay_rota_killer.h"

#include <chrono>

namespace doorstep::replay {
namespace {

// A phone's process lives some 100 ms, so of those that run about a third die early.
constexpr std::uint64_t kPauseMinMs = 20;
constexpr std::uint64_t kPauseMaxMs = 120;
// One kill in so many is the server's.
constexpr std::uint64_t kServerEvery = 6;

}  // namespace

Killer::Killer(Processes& processes, ReplayServer& server, std::uint64_t seed, int phoneKillsMax,
               int serverKillsMax)
    : processes_(processes),
      server_(server),
      engine_(seed),
      phoneKillsMax_(phoneKillsMax),
      serverKillsMax_(serverKillsMax),
      thread_([this] { run(); }) {}

Status Killer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable())
    thread_.join();
  return health_;
}

void Killer::run() {
  for (;;) {
    const std::chrono::milliseconds pause(kPauseMinMs + random(kPauseMaxMs - kPauseMinMs));
    {
      std::unique_lock lock(mutex_);
      if (changed_.wait_for(lock, pause, [this] { return stopping_; }))
        return;
    }
    const std::uint64_t choice = random(1U << 20);
    if (random(kServerEvery) == 0 && serverKills_ < serverKillsMax_) {
      ++serverKills_;
      if (Status back = server_.crash(); !back.ok()) {
        health_ = std::move(back);
        return;
      }
    } else if (phoneKills_ < phoneKillsMax_ && processes_.killAny(choice)) {
      ++phoneKills_;
    }
  }
}

}  // namespace doorstep::replay
