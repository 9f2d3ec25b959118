// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>

#include "shared/core/clock.h"
#include "shared/core/id_source.h"
#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/crypto/keys.h"
#include "sync-server/event_log/event_log.h"
#include "sync-server/event_log/office_act.h"
#include "sync-server/storage/storage.h"

namespace doorstep::office {

// Writes the office's decisions: each job changes the plan, the rules or the state of a device, and
// the facts of its act become entries of the provider's log in the same transaction, signed with
// the office's key and chained like a phone's. Both are stored or neither, also when the outcome of
// the commit is unknown (event_log::SqlEventLog::know).
//
// A provider's office is a device (identity::DeviceKind::Office), created with its first entry,
// which records the previous state (visits::OfficeOpened). Called by rpc (OfficeService) and by
// commands that hold the server's lock, so no other process writes the log. Thread: any but the
// writer's, which runs the jobs.
class OfficeLog {
 public:
  struct Parts {
    storage::Storage& storage;
    event_log::EventLog& log;
    crypto::P256PrivateKey key;  // the office's
    // Returns the arrival time (intake::ArrivalClock).
    std::function<Result<std::int64_t>()> stamp;
    const Clock& clock;
    IdSource& ids;  // used by the writer only
  };
  explicit OfficeLog(Parts parts) : parts_(std::move(parts)) {}

  // As in storage::Storage::write; a job that conflicted with another process is run again.
  using Job = std::function<Status(sql::Database&, event_log::OfficeAct&)>;
  // Errors besides the job's and the log's: OFFICE_KEY_FOREIGN; SERVER_CLOCK when the clock must
  // not stamp arrivals.
  Status write(const event_log::OfficeActor& by, const Job& job);
  template <typename Answer, typename AnsweringJob>
  Result<Answer> writeWithAnswer(const event_log::OfficeActor& by, AnsweringJob job) {
    std::optional<Answer> answer;
    DOORSTEP_TRY(write(by, [&](sql::Database& database, event_log::OfficeAct& act) -> Status {
      DOORSTEP_ASSIGN(answer, job(database, act));
      return kDone;
    }));
    return *std::move(answer);
  }

 private:
  // State of a provider's office while one commit is filled.
  struct OfficeChain {
    DeviceId device;
    event_log::DeviceHead head;
  };
  using OfficeChains = std::map<ProviderId, OfficeChain>;

  Status fill(event_log::OfficeAct& act, event_log::Commit& commit);
  Result<OfficeChain*> chainOf(OfficeChains& chains, event_log::OfficeAct& act,
                               event_log::Commit& commit, ProviderId provider,
                               std::int64_t receivedUnixMs);
  Result<DeviceId> ensureDevice(ProviderId provider);
  Result<visits::OfficeOpened> opened(const event_log::OfficeAct& act, ProviderId provider,
                                      std::string_view salt);
  Status append(event_log::Commit& commit, const event_log::OfficeAct::Entry& entry,
                OfficeChain& chain, std::int64_t receivedUnixMs);

  Parts parts_;
};

}  // namespace doorstep::office
