// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

namespace doorstep::bench {

// Durations in microseconds and their percentiles. Thread: one.
class Percentiles {
 public:
  void add(double us) { us_.push_back(us); }
  std::size_t count() const { return us_.size(); }
  // p from 0 to 100; 0 when empty.
  double at(double p) {
    if (us_.empty())
      return 0;
    std::sort(us_.begin(), us_.end());
    return us_[static_cast<std::size_t>(p / 100.0 * static_cast<double>(us_.size() - 1))];
  }

 private:
  std::vector<double> us_;
};

class Stopwatch {
 public:
  double us() const {
    return std::chrono::duration<double, std::micro>(Tick::now() - begun_).count();
  }
  double seconds() const { return us() / 1e6; }

 private:
  using Tick = std::chrono::steady_clock;
  Tick::time_point begun_ = Tick::now();
};

}  // namespace doorstep::bench
