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

// Who writes what the office decides: each job changes the plan, the rules or the standing of a
// device, and what it said to its act becomes entries of the provider's log in the same
// transaction, signed with the office's key and chained like those of a phone. Both are there
// afterwards or neither is, also when nobody knows how the commit ended
// (event_log::SqlEventLog::know).
//
// The office of a provider is a device of its own (identity::DeviceKind::Office), made with its
// first entry, which says what there was before (visits::OfficeOpened). Called by rpc
// (OfficeService) and by commands that hold the server's lock: nobody else writes the log
// meanwhile. Thread: any but the writer's, which runs the jobs.
class OfficeLog {
 public:
  struct Parts {
    storage::Storage& storage;
    event_log::EventLog& log;
    crypto::P256PrivateKey key;  // the office's
    // With what time an arrival is stamped (intake::ArrivalClock).
    std::function<Result<std::int64_t>()> stamp;
    const Clock& clock;
    IdSource& ids;  // the writer's alone
  };
  explicit OfficeLog(Parts parts) : parts_(std::move(parts)) {}

  // As storage::Storage::write's. A job that was in another process's way is run again.
  using Job = std::function<Status(sql::Database&, event_log::OfficeAct&)>;
  // Errors besides the job's and the log's: OFFICE_KEY_FOREIGN, and SERVER_CLOCK when the clock is
  // not to be stamped with.
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
  // A provider's office while one commit is filled.
  struct Desk {
    DeviceId device;
    event_log::DeviceHead head;
  };
  using Desks = std::map<ProviderId, Desk>;

  Status fill(event_log::OfficeAct& act, event_log::Commit& commit);
  Result<Desk*> desk(Desks& desks, event_log::OfficeAct& act, event_log::Commit& commit,
                     ProviderId provider, std::int64_t receivedUnixMs);
  Result<DeviceId> ensureDevice(ProviderId provider);
  Result<visits::OfficeOpened> opened(const event_log::OfficeAct& act, ProviderId provider,
                                      std::string_view salt);
  Status append(event_log::Commit& commit, const event_log::OfficeAct::Entry& entry, Desk& desk,
                std::int64_t receivedUnixMs);

  Parts parts_;
};

}  // namespace doorstep::office
