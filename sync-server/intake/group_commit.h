// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <vector>

#include "shared/core/mutex.h"
#include "sync-server/intake/commit_pipeline.h"
#include "sync-server/storage/storage.h"

namespace doorstep::intake {

// Queue between the verifying threads and the writer: each commit takes what was queued during the
// previous one, up to a limit, so that one flush serves many phones. A full queue refuses. After a
// crash, phones whose exchange was queued have no answer and send it again. Thread: any; commits
// run on the storage's writer.
class GroupCommit {
 public:
  // Called on the writer thread, after the commit.
  using Done = std::function<void(Submission&&, Outcome&&)>;

  GroupCommit(storage::Storage& storage, CommitPipeline& pipeline)
      : storage_(storage), pipeline_(pipeline) {}

  // Errors: RESOURCE_EXHAUSTED (SERVER_BUSY), UNAVAILABLE (SERVER_STOPPING); done is then not
  // called.
  Status submit(Submission submission, Done done);
  // Refuses new submissions; the storage's stop() still commits and answers queued ones.
  void stop();

 private:
  struct Item {
    Submission submission;
    Done done;
    std::size_t events = 0;
    std::size_t bytes = 0;
  };
  std::vector<Item> take();
  void commitOnce();

  storage::Storage& storage_;
  CommitPipeline& pipeline_;

  Mutex mutex_;
  std::deque<Item> queue_ DOORSTEP_GUARDED_BY(mutex_);
  std::size_t queuedBytes_ DOORSTEP_GUARDED_BY(mutex_) = 0;
  // A commitOnce is already posted to the writer.
  bool scheduled_ DOORSTEP_GUARDED_BY(mutex_) = false;
  bool stopping_ DOORSTEP_GUARDED_BY(mutex_) = false;
};

}  // namespace doorstep::intake
