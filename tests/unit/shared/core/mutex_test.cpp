// SPDX-License-Identifier: Apache-2.0
#include "shared/core/mutex.h"

#include <catch2/catch.hpp>
#include <thread>

namespace doorstep {
namespace {

// Two threads hand a ball to each other.
struct Court {
  void play(bool mine) {
    const MutexLock lock(mutex);
    for (int turn = 0; turn < kTurns; ++turn) {
      while (ballIsLeft != mine)
        changed.wait(mutex);
      ballIsLeft = !mine;
      ++strokes;
      changed.notifyAll();
    }
  }

  static constexpr int kTurns = 1'000;
  Mutex mutex;
  Condition changed;
  bool ballIsLeft DOORSTEP_GUARDED_BY(mutex) = true;
  int strokes DOORSTEP_GUARDED_BY(mutex) = 0;
};

}  // namespace

TEST_CASE("a wait lets others have the mutex and ends when they have changed what it guards") {
  Court court;
  std::thread left([&] { court.play(true); });
  court.play(false);
  left.join();
  const MutexLock lock(court.mutex);
  CHECK(court.strokes == 2 * Court::kTurns);
}

TEST_CASE("a wait that nobody ends stops at its deadline and holds the mutex again") {
  Court court;
  {
    const MutexLock lock(court.mutex);
    const auto deadline = Condition::deadlineIn(std::chrono::milliseconds(1));
    while (court.changed.waitUntil(court.mutex, deadline)) {
    }
    CHECK(court.ballIsLeft);
  }
  // Free for another thread, so it was held once.
  std::thread([&] {
    const MutexLock lock(court.mutex);
    court.ballIsLeft = false;
  }).join();
  const MutexLock lock(court.mutex);
  CHECK_FALSE(court.ballIsLeft);
}

}  // namespace doorstep
