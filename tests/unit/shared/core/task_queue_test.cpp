// SPDX-License-Identifier: Apache-2.0
#include "shared/core/task_queue.h"

#include <catch2/catch.hpp>
#include <latch>
#include <thread>
#include <vector>

namespace doorstep {
namespace {

TEST_CASE("tasks run in the order in which they were posted, to the last one before the end") {
  TaskQueue queue(100);
  std::vector<int> ran;
  for (int i = 0; i < 3; ++i)
    REQUIRE(queue.post([&ran, i] { ran.push_back(i); }));
  queue.close();
  queue.run();
  CHECK(ran == std::vector<int>{0, 1, 2});
}

TEST_CASE("a full queue and a closed one refuse, and what they refused does not run") {
  TaskQueue queue(2);
  int ran = 0;
  const auto count = [&ran] { ++ran; };
  CHECK(queue.post(count));
  CHECK(queue.post(count));
  CHECK_FALSE(queue.post(count));
  queue.close();
  queue.run();
  CHECK_FALSE(queue.post(count));
  queue.run();
  CHECK(ran == 2);
}

TEST_CASE("a task goes on in another although the queue is full and closed") {
  TaskQueue queue(1);
  int left = 3;
  TaskQueue::Task step = [&] {
    if (--left > 0)
      queue.goOn(step);
  };
  REQUIRE(queue.post(step));
  queue.close();
  queue.run();
  CHECK(left == 0);
}

TEST_CASE("several threads share the tasks, and wait for more until the queue is closed") {
  constexpr int kTasks = 1000;
  TaskQueue queue(kTasks);
  std::latch done(kTasks);
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i)
    threads.emplace_back([&queue] { queue.run(); });
  for (int i = 0; i < kTasks; ++i)
    CHECK(queue.post([&done] { done.count_down(); }));
  done.wait();
  queue.close();
  for (auto& thread : threads)
    thread.join();
}

}  // namespace
}  // namespace doorstep
