// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "app/journal/journal.h"
#include "app/projections/screen_builder.h"
#include "app/projections/visit_records.h"
#include "app/recording/visit_recorder.h"
#include "app/roster/roster_store.h"
#include "app/sync/certificate_renewal.h"
#include "app/sync/engine.h"
#include "app/sync/enrolment.h"

namespace doorstep::app {

// The phone's core: journal, roster, recorder, screens and sync engine. Single-threaded; its only
// I/O is its two files. AppContext runs it on a worker thread with a real network; a headless phone
// and the simulator run it directly with their own clock, VFS and transport.
//
// The owner calls the engine's events and carries out the returned actions. A tap takes two steps:
// record() makes it durable, which is confirmed to the carer; afterRecording() then signs and
// sends.
//
// Crash: everything that record() confirmed is there after open(). Thread: one.
class Phone {
 public:
  struct Options {
    std::string folder;  // of journal.db and roster.db
    crypto::SecretKey dataKey{};
    sql::SqliteOptions file;  // for the simulator's VFS
    sync::SyncEngine::Options engine;
    bool journalMustExist = false;  // journal::Journal::Options::mustExist
    // Stores a renewed certificate durably (sync/certificate_renewal.h). Null: no renewal.
    std::function<Status(const sync::Enrolment&)> keepEnrolment;
  };
  // Errors: JOURNAL_DAMAGED, JOURNAL_OTHER_DEVICE, vkey errors, storage.
  static Result<std::unique_ptr<Phone>> open(const Options& options,
                                             const sync::Enrolment& enrolment,
                                             platform::Platform& platform);

  // The number of the event, durable. Errors: recording::VisitRecorder.
  Result<std::uint64_t> record(const recording::Intent& intent);
  // Seals the events that a finished visit completes and notifies the engine. If a crash prevents
  // it, sealing happens before the next exchange.
  sync::Actions afterRecording(const recording::Intent& intent);

  // True: this phone is not a device now. Its records stay here until it is enrolled again and the
  // new device adopts them; the engine must not be started.
  bool awaitsCode() const { return awaitsCode_; }
  // As passed to open(), or as renewed since.
  const sync::Enrolment& enrolment() const { return renewal_->enrolment(); }
  // Records again what an earlier identity of this phone recorded (journal/salvage.h).
  Status adopt(DeviceId from, std::span<const visits::RecordedEvent> events);

  sync::SyncEngine& engine() { return *engine_; }
  const sync::SyncEngine& engine() const { return *engine_; }
  journal::Journal& journal() { return *journal_; }
  const journal::Journal& journal() const { return *journal_; }
  const roster::RosterStore& roster() const { return *roster_; }
  const projections::VisitRecords& records() const { return records_; }

  // Why this phone cannot continue without a new code.
  projections::NeedsCode needsCode() const;
  projections::RoundScreen round() const;
  std::optional<projections::VisitScreen> visit(VisitId visit) const;
  projections::OfficeScreen office() const;

 private:
  Phone(platform::Platform& platform, bool awaitsCode)
      : platform_(platform), awaitsCode_(awaitsCode) {}

  platform::Platform& platform_;
  const bool awaitsCode_;
  std::unique_ptr<journal::Journal> journal_;
  std::unique_ptr<roster::RosterStore> roster_;
  projections::VisitRecords records_;
  std::unique_ptr<recording::VisitRecorder> recorder_;
  std::unique_ptr<projections::ScreenBuilder> screens_;
  std::unique_ptr<sync::CertificateRenewal> renewal_;
  std::unique_ptr<sync::SyncEngine> engine_;
};

}  // namespace doorstep::app
