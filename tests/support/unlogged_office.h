// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <utility>

#include "shared/core/clock.h"
#include "shared/core/id_source.h"
#include "shared/sql/database.h"
#include "sync-server/office/office_log.h"
#include "sync-server/storage/storage.h"

namespace doorstep::support {

// An office whose decisions are made and signed as usual but not written to a log: for tests that
// examine decisions, and whose logs contain only phones' entries. Thread: as OfficeLog.
class UnloggedOffice {
 public:
  UnloggedOffice(storage::Storage& storage, const Clock& clock, IdSource& ids,
                 crypto::P256PrivateKey key = crypto::P256PrivateKey::generate())
      : log_(storage),
        office_({storage, log_, std::move(key),
                 [&clock] { return Result<std::int64_t>(clock.wallUnixMs()); }, clock, ids}) {}

  office::OfficeLog& office() { return office_; }
  Status decide(const office::OfficeLog::Job& job, AccountId account = {}) {
    return office_.write({account, "Test"}, job);
  }

 private:
  static Error none() { return {ErrorCode::Unimplemented, "NO_LOG", "this office has no log"}; }

  // Commits the writes and drops the entries.
  class NoLog final : public event_log::EventLog {
   public:
    explicit NoLog(storage::Storage& storage) : storage_(storage) {}
    Result<event_log::LogHead> head(ProviderId) override { return none(); }
    Result<event_log::DeviceHead> deviceHead(ProviderId, DeviceId) override {
      return event_log::DeviceHead{.n = 1};
    }
    Result<event_log::Held> held(ProviderId, DeviceId, std::uint64_t, const Hash&) override {
      return none();
    }
    Result<event_log::OpenNs> openNs(ProviderId, DeviceId) override { return none(); }
    Status commit(event_log::Commit&, const std::function<Status()>&) override { return none(); }
    Status commitAfter(event_log::Commit&, const std::function<Status()>& first) override {
      DOORSTEP_ASSIGN(auto transaction, sql::Transaction::begin(storage_.writer()));
      DOORSTEP_TRY(first());
      return transaction.commit();
    }
    Result<event_log::LogHead> publishedHead(ProviderId) override { return none(); }
    Result<std::vector<Hash>> subtreeHashes(ProviderId, const evidence::Subtree&,
                                            std::size_t) override {
      return none();
    }
    Result<std::vector<event_log::StoredEntry>> entries(ProviderId, std::uint64_t,
                                                        std::size_t) override {
      return none();
    }
    Result<std::vector<event_log::OutsideEntry>> outsideEntries(ProviderId, std::uint64_t,
                                                                std::size_t) override {
      return none();
    }
    Result<std::vector<event_log::StoredEntry>> quarantinedEntries(ProviderId, std::uint64_t,
                                                                   std::size_t) override {
      return none();
    }
    Result<std::vector<event_log::Alarm>> alarms(ProviderId, std::uint64_t, std::size_t) override {
      return none();
    }

   private:
    storage::Storage& storage_;
  };

  NoLog log_;
  office::OfficeLog office_;
};

}  // namespace doorstep::support
