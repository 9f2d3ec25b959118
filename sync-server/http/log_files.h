// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/evidence/tiles.h"
#include "sync-server/http/http_reply.h"

namespace doorstep::http {

// Access to the event log for the log paths (EventLogReader). Thread: any.
class LogReader {
 public:
  virtual ~LogReader() = default;

  struct Head {
    std::uint64_t size = 0;
    std::string checkpointNote;
  };
  // The newest signed checkpoint. Error code NotFound for a provider without a log.
  virtual Result<Head> head(ProviderId provider) const = 0;
  // `width` hashes of 32 bytes of a tile, or an entry bundle (each leaf's data after its length as
  // two bytes, big-endian). The tile must exist at the head's size.
  virtual Result<std::string> tile(ProviderId provider, const evidence::TilePath& path) const = 0;
};

// The logs' files, C2SP tlog-tiles: /log/<provider id>/checkpoint and /log/<provider id>/tile/….
// Public, since a leaf is a salted commitment that reveals nothing about anybody.

// True for a path below /log/.
bool isLogPath(std::string_view path);
// The reply when too many reads are queued: 503 with Retry-After.
HttpReply logBusyReply();
// The reply for a path below /log/; nullopt for any other path. Blocks in the reader. Thread: any.
std::optional<HttpReply> getLogFile(std::string_view path, const LogReader& reader);

}  // namespace doorstep::http
