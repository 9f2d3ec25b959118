// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "sync-server/event_log/schema.h"
#include "sync-server/event_log/sql_event_log.h"
#include "tests/conformance/event_log_maker.h"
#include "tests/support/test_database.h"

namespace doorstep::event_log {
namespace {

class MadeSqlEventLog final : public MadeEventLog {
 public:
  explicit MadeSqlEventLog(const LogSigners& signers) : signers_(signers) { open(); }
  EventLog& log() override { return *log_; }
  void reopen() override {
    log_.reset();
    storage_.reset();
    open();
  }

 private:
  void open() {
    auto storage = storage::Storage::open(place_.storage());
    REQUIRE(storage.ok());
    storage_ = std::move(storage).value();
    REQUIRE(migrate(storage_->writer()).ok());
    auto log = SqlEventLog::open(*storage_, signers_);
    REQUIRE(log.ok());
    log_ = std::move(log).value();
  }

  support::TestDatabase place_;
  const LogSigners& signers_;
  std::unique_ptr<storage::Storage> storage_;
  std::unique_ptr<SqlEventLog> log_;
};

}  // namespace

EventLogMaker sqlEventLogMaker() {
  return {"sql",
          [](const LogSigners& signers) { return std::make_unique<MadeSqlEventLog>(signers); }};
}

}  // namespace doorstep::event_log
