// SPDX-License-Identifier: Apache-2.0
#include "sync-server/intake/group_commit.h"

#include "sync-server/intake/limits.h"

namespace doorstep::intake {

Status GroupCommit::submit(Submission submission, Done done) {
  Item item{std::move(submission), std::move(done)};
  for (const auto& entry : item.submission.entries) {
    item.events += entry.entry.events.size();
    item.bytes += entry.bytes.size();
  }
  {
    const MutexLock lock(mutex_);
    if (stopping_)
      return Error{ErrorCode::Unavailable, "SERVER_STOPPING", "no more exchanges"};
    if (queue_.size() >= kExchangesQueuedMax || queuedBytes_ + item.bytes > kBytesQueuedMax)
      return Error{ErrorCode::ResourceExhausted, "SERVER_BUSY", "too much waits for the writer"};
    queuedBytes_ += item.bytes;
    queue_.push_back(std::move(item));
    if (scheduled_)
      return kDone;
    scheduled_ = true;
  }
  storage_.postToWriter([this] { commitOnce(); });
  return kDone;
}

std::vector<GroupCommit::Item> GroupCommit::take() {
  const MutexLock lock(mutex_);
  std::vector<Item> items;
  std::size_t events = 0;
  while (!queue_.empty() && items.size() < kExchangesPerCommitMax) {
    events += queue_.front().events;
    if (!items.empty() && events > kEventsPerCommitMax)
      break;
    queuedBytes_ -= queue_.front().bytes;
    items.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return items;
}

// One commit, then back to the end of the writer's queue, so that the office's writes alternate
// with phones'.
void GroupCommit::commitOnce() {
  auto items = take();
  std::vector<Submission> submissions;
  submissions.reserve(items.size());
  for (auto& item : items)
    submissions.push_back(std::move(item.submission));
  auto outcomes = pipeline_.commit(submissions);
  for (std::size_t i = 0; i < items.size(); ++i)
    items[i].done(std::move(submissions[i]), std::move(outcomes[i]));
  {
    const MutexLock lock(mutex_);
    scheduled_ = !queue_.empty();
    if (!scheduled_)
      return;
  }
  storage_.postToWriter([this] { commitOnce(); });
}

void GroupCommit::stop() {
  const MutexLock lock(mutex_);
  stopping_ = true;
}

}  // namespace doorstep::intake
