// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sync-server/event_log/event_log.h"
#include "sync-server/http/log_files.h"

namespace doorstep::http {

// Computes tiles on request: the log stores leaf hashes and the roots of full tiles, so nothing is
// stored twice. A leaf tile takes one read, a higher tile 256 look-ups. Blocks; called on the
// front's worker. Thread: any.
class EventLogReader final : public LogReader {
 public:
  // The log outlives this.
  explicit EventLogReader(event_log::EventLog& log) : log_(log) {}

  Result<Head> head(ProviderId provider) const override;
  Result<std::string> tile(ProviderId provider, const evidence::TilePath& path) const override;

 private:
  Result<std::vector<event_log::StoredEntry>> entriesOf(ProviderId provider,
                                                        const evidence::TilePath& path) const;
  Result<std::string> hashTile(ProviderId provider, const evidence::TilePath& path) const;
  Result<std::string> entryBundle(ProviderId provider, const evidence::TilePath& path) const;

  event_log::EventLog& log_;
};

}  // namespace doorstep::http
