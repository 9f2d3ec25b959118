// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/people/session_streams.h"

#include <algorithm>
#include <utility>

#include "sync-server/rpc/caller_context.h"
#include "sync-server/rpc/limits.h"

namespace doorstep::rpc {

bool SessionStreams::enter(const std::string& token, const std::shared_ptr<SessionStream>& stream) {
  {
    const MutexLock lock(mutex_);
    Streams& open = streams_[token];
    if (open.size() >= kStreamsPerSessionMax)
      return false;
    open.push_back(stream);
    tokens_.emplace(stream.get(), token);
  }
  look(token);  // it may have ended since the caller was identified
  return true;
}

void SessionStreams::leave(const SessionStream* stream) {
  std::shared_ptr<SessionStream> last;  // destroyed outside the lock
  const MutexLock lock(mutex_);
  const auto token = tokens_.find(stream);
  if (token == tokens_.end())
    return;
  const auto open = streams_.find(token->second);
  const auto found = std::find_if(open->second.begin(), open->second.end(),
                                  [&](const auto& kept) { return kept.get() == stream; });
  last = std::move(*found);
  open->second.erase(found);
  if (open->second.empty())
    streams_.erase(open);
  tokens_.erase(token);
}

void SessionStreams::look(const std::string& token) {
  const auto session = callers_.session(token);
  if (session.ok())
    return noteEnd(session->endsUnixMs);
  // A session that cannot be read counts as ended: the browser opens the stream again.
  Streams ended;
  {
    const MutexLock lock(mutex_);
    const auto found = streams_.find(token);
    if (found != streams_.end())
      ended = found->second;
  }
  for (const auto& stream : ended)
    stream->sessionEnded();
}

void SessionStreams::noteEnd(std::int64_t endsUnixMs) {
  const MutexLock lock(mutex_);
  nextEndUnixMs_ = std::min(nextEndUnixMs_, endsUnixMs);
}

void SessionStreams::lookAtAll() {
  std::vector<std::string> tokens;
  {
    const MutexLock lock(mutex_);
    nextEndUnixMs_ = INT64_MAX;
    for (const auto& [token, streams] : streams_)
      tokens.push_back(token);
  }
  for (const std::string& token : tokens)
    look(token);
}

void SessionStreams::tick(std::int64_t nowUnixMs) {
  {
    const MutexLock lock(mutex_);
    if (nowUnixMs < nextEndUnixMs_)
      return;
  }
  lookAtAll();
}

}  // namespace doorstep::rpc
