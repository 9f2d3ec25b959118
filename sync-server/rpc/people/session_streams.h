// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "shared/core/mutex.h"
#include "shared/core/result.h"

namespace doorstep::rpc {

class CallerContext;

// A stream to a person. sessionEnded: send no more data. Called at most once, from any thread,
// possibly before the stream has begun or after it has ended.
class SessionStream {
 public:
  virtual ~SessionStream() = default;
  virtual void sessionEnded() = 0;
};

// Ends streams when their session ends: signed out, expired, account disabled or password changed.
// Ends in this process are reported here; sessions are checked again when a write by another
// process is noticed, and at their expiry. No polling. Thread: any.
class SessionStreams {
 public:
  explicit SessionStreams(const CallerContext& callers) : callers_(callers) {}

  // False: the session has too many streams. If the session has ended, calls sessionEnded at once.
  [[nodiscard]] bool enter(const std::string& token, const std::shared_ptr<SessionStream>& stream);
  // The stream has ended. Ignored if not entered.
  void leave(const SessionStream* stream);

  // Ends the streams of sessions that are not valid any more: of this one, or of all.
  void look(const std::string& token);
  void lookAtAll();
  // Call periodically: ends expired sessions' streams.
  void tick(std::int64_t nowUnixMs);

 private:
  // shared_ptr: a stream may end while it is being notified.
  using Streams = std::vector<std::shared_ptr<SessionStream>>;

  void noteEnd(std::int64_t endsUnixMs);

  const CallerContext& callers_;
  Mutex mutex_;
  std::map<std::string, Streams> streams_ DOORSTEP_GUARDED_BY(mutex_);  // by token
  std::map<const SessionStream*, std::string> tokens_ DOORSTEP_GUARDED_BY(mutex_);
  // No session expires before this.
  std::int64_t nextEndUnixMs_ DOORSTEP_GUARDED_BY(mutex_) = INT64_MAX;
};

}  // namespace doorstep::rpc
