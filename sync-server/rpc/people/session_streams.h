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

// A stream to a person. sessionEnded: no more data; called once at most, from any thread, also
// before the stream has begun or after it has ended.
class SessionStream {
 public:
  virtual ~SessionStream() = default;
  virtual void sessionEnded() = 0;
};

// Streams that go on while their session is good, and end with it: signed out, expired, its account
// disabled or with a new password. Whoever ends a session in this process says so; what another
// process wrote is looked at when it is noticed, and expiry when it is due. Nothing is polled.
// Thread: any.
class SessionStreams {
 public:
  explicit SessionStreams(const CallerContext& callers) : callers_(callers) {}

  // False: the session has too many. A stream whose session ended meanwhile is told at once.
  [[nodiscard]] bool enter(const std::string& token, const std::shared_ptr<SessionStream>& stream);
  // It has ended. Not entered: nothing.
  void leave(const SessionStream* stream);

  // Ends the streams of sessions that are not good any more: of this one, or of all.
  void look(const std::string& token);
  void lookAtAll();
  // From time to time: those that expired.
  void tick(std::int64_t nowUnixMs);

 private:
  // shared_ptr: a stream may end while it is told
  using Streams = std::vector<std::shared_ptr<SessionStream>>;

  void noteEnd(std::int64_t endsUnixMs);

  const CallerContext& callers_;
  Mutex mutex_;
  std::map<std::string, Streams> streams_ DOORSTEP_GUARDED_BY(mutex_);  // by token
  std::map<const SessionStream*, std::string> tokens_ DOORSTEP_GUARDED_BY(mutex_);
  // No session ends by time before it.
  std::int64_t nextEndUnixMs_ DOORSTEP_GUARDED_BY(mutex_) = INT64_MAX;
};

}  // namespace doorstep::rpc
