// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "doorstep/sync/v1/sync_service.pb.h"
#include "sync-server/event_log/contacts.h"
#include "sync-server/event_log/schema.h"
#include "sync-server/event_log/sql_event_log.h"
#include "sync-server/intake/commit_pipeline.h"
#include "sync-server/intake/read_request.h"
#include "sync-server/storage/storage.h"
#include "tests/support/signing_phone.h"
#include "tests/support/test_database.h"

namespace doorstep::support {

inline const VisitId kVisit{500};         // planned
inline const VisitId kUnknownVisit{999};  // never planned
constexpr ProviderId kIntakeProvider{3};
inline SigningPhone intakePhone() { return {77, kIntakeProvider.value, 40}; }

// Intake and log on a separate single-threaded database, as in the simulator.
class IntakeFixture {
 public:
  using Entries = std::vector<SigningPhone::Signed>;

  explicit IntakeFixture(std::vector<event_log::Projection*> projections = {})
      : projections_(std::move(projections)) {
    open();
  }

  // Restarts as after a crash of the process: all memory is lost.
  void restart() {
    pipeline_.reset();
    log_.reset();
    storage_.reset();
    open();
  }

  intake::Submission submission(const SigningPhone& phone, const Entries& entries) const {
    doorstep::sync::v1::ExchangeRequest request;
    for (const auto& entry : entries)
      request.add_entries(entry.bytes);
    doorstep::sync::v1::ClockReading clock;
    clock.set_boot(1);
    clock.set_sent_boot_ms(5'000);
    request.set_clock(clock.SerializeAsString());
    auto read = intake::readRequest(request.SerializeAsString(), phone.known(), kReceivedUnixMs);
    REQUIRE(read.ok());
    return std::move(read).value();
  }

  intake::Outcome submit(const SigningPhone& phone, const Entries& entries) {
    auto submitted = submission(phone, entries);
    return std::move(pipeline_->commit({&submitted, 1}).front());
  }

  storage::Storage& storage() { return *storage_; }
  // The one column of the statement's first row.
  std::int64_t number(const char* sql) {
    auto lease = storage_->read();
    auto statement = lease->prepare(sql);
    REQUIRE(statement.ok());
    REQUIRE(statement->step().ok());
    return statement->columnInt(0);
  }
  event_log::SqlEventLog& log() { return *log_; }
  intake::CommitPipeline& pipeline() { return *pipeline_; }
  const event_log::LogSigners& signers() const { return signers_; }

  static constexpr std::int64_t kReceivedUnixMs = 1'790'000'100'000;

 private:
  void open() {
    auto storage = storage::Storage::open(place_.storage());
    REQUIRE(storage.ok());
    storage_ = std::move(storage).value();
    REQUIRE(event_log::migrate(storage_->writer()).ok());
    auto log = event_log::SqlEventLog::open(*storage_, signers_);
    REQUIRE(log.ok());
    log_ = std::move(log).value();
    auto contacts = event_log::ContactWriter::prepare(storage_->writer());
    REQUIRE(contacts.ok());
    pipeline_ = std::make_unique<intake::CommitPipeline>(intake::CommitPipeline::Parts{
        .log = *log_,
        .contacts = std::move(contacts).value(),
        .knowsVisit = [](ProviderId, VisitId visit) -> Result<bool> { return visit == kVisit; },
        .projections = projections_,
        .contactObservers = {}});
  }

  TestDatabase place_;
  event_log::LogSigners signers_{"test.example", crypto::Ed25519PrivateKey::generate()};
  std::vector<event_log::Projection*> projections_;
  std::unique_ptr<storage::Storage> storage_;
  std::unique_ptr<event_log::SqlEventLog> log_;
  std::unique_ptr<intake::CommitPipeline> pipeline_;
};

}  // namespace doorstep::support
