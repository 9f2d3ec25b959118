// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "sync-server/event_log/sqlite/schema.h"
#include "sync-server/event_log/sqlite/sqlite_event_log.h"
#include "tests/conformance/event_log_maker.h"
#include "tests/support/temporary_folder.h"

namespace doorstep::event_log {
namespace {

class MadeSqliteEventLog final : public MadeEventLog {
 public:
  explicit MadeSqliteEventLog(const LogSigners& signers) : signers_(signers) { open(); }
  EventLog& log() override { return *log_; }
  void reopen() override {
    log_.reset();
    storage_.reset();
    open();
  }

 private:
  void open() {
    auto storage = storage::Storage::open({.path = folder_.file("log.db"), .singleThreaded = true});
    REQUIRE(storage.ok());
    storage_ = std::move(storage).value();
    REQUIRE(migrate(storage_->writer()).ok());
    auto log = SqliteEventLog::open(*storage_, signers_);
    REQUIRE(log.ok());
    log_ = std::move(log).value();
  }

  support::TemporaryFolder folder_;
  const LogSigners& signers_;
  std::unique_ptr<storage::Storage> storage_;
  std::unique_ptr<SqliteEventLog> log_;
};

}  // namespace

EventLogMaker sqliteEventLogMaker() {
  return {"sqlite",
          [](const LogSigners& signers) { return std::make_unique<MadeSqliteEventLog>(signers); }};
}

}  // namespace doorstep::event_log
