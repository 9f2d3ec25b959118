// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <spdlog/spdlog.h>

#include <functional>
#include <utility>

#include "sync-server/records/keeping/record_settling.h"
#include "sync-server/rpc/limits.h"
#include "sync-server/rpc/worker_pool.h"

namespace doorstep::config {

// The background settling of records, on a thread of its own that leaves cores to phones and
// people. Thread: any; stop() once, before the storage.
class RecordJudging {
 public:
  RecordJudging(storage::Storage& storage, const Clock& clock)
      : settling_(
            storage, clock,
            [this](std::function<void()> task) { return thread_.post(std::move(task)); },
            [](const Error& error) { spdlog::warn("records are not judged: {}", error.reason); }) {}

  void kick() { settling_.kick(); }
  void stop() {
    settling_.stop();
    thread_.stop();
  }

 private:
  records::BackgroundSettling settling_;
  rpc::WorkerPool thread_{1, 1, rpc::kLongQuestionNiceness};  // ends before what it runs
};

}  // namespace doorstep::config
