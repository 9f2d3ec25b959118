// SPDX-License-Identifier: Apache-2.0
#include "tests/support/replay/replay_rota_killer.h"

#include <chrono>

namespace doorstep::replay {
namespace {

// A phone's process lives some 100 ms, and six run at a time: about a third of them die early.
constexpr std::uint64_t kPauseMinMs = 5;
constexpr std::uint64_t kPauseMaxMs = 90;
// One kill in so many is the server's.
constexpr std::uint64_t kServerEvery = 6;

}  // namespace

Killer::Killer(Processes& processes, ReplayServer& server, std::uint64_t seed)
    : processes_(processes), server_(server), engine_(seed), thread_([this] { run(); }) {}

void Killer::allow(int phoneKills, int serverKills) {
  phoneKillsLeft_ = phoneKills;
  serverKillsLeft_ = serverKills;
}

Status Killer::stop() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
  }
  changed_.notifyAll();
  if (thread_.joinable())
    thread_.join();
  return health_;
}

void Killer::run() {
  for (;;) {
    const std::chrono::milliseconds pause(kPauseMinMs + random(kPauseMaxMs - kPauseMinMs));
    {
      const auto next = Condition::deadlineIn(pause);
      const MutexLock lock(mutex_);
      while (!stopping_ && changed_.waitUntil(mutex_, next)) {
      }
      if (stopping_)
        return;
    }
    const std::uint64_t choice = random(1U << 20);
    if (random(kServerEvery) == 0 && serverKillsLeft_ > 0) {
      --serverKillsLeft_;
      ++serverKills_;
      if (Status back = server_.crash(); !back.ok()) {
        health_ = std::move(back);
        return;
      }
    } else if (phoneKillsLeft_ > 0 && processes_.killAny(choice)) {
      --phoneKillsLeft_;
      ++phoneKills_;
    }
  }
}

}  // namespace doorstep::replay
