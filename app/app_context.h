// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/access.h"
#include "app/platform/platform.h"
#include "app/projections/screens.h"
#include "app/recording/visit_recorder.h"
#include "shared/crypto/sealing.h"

namespace doorstep::app {

// Immutable snapshot of what the screens show, made on the worker after each change.
struct Screens {
  Access access = Access::NotEnrolled;
  std::int64_t pinWaitMs = 0;  // until the next attempt is allowed
  // With JournalDamaged: unlock() opens a phone that records while it waits for a code.
  bool canRecordMeanwhile = false;
  projections::RoundScreen round;
  std::optional<projections::VisitScreen> visit;  // selected by showVisit()
  projections::OfficeScreen office;
};

// The composition root of one phone's folder: takes a platform, publishes screens. No Qt.
//
// One worker thread owns journal, roster and engine. Every function posts to it and returns;
// results are reported through a callback on the worker, and a GUI forwards it to its own thread.
// The queue is bounded; when it is full the callback is called with QUEUE_FULL at once, on the
// caller's thread.
//
// Crash: as app/phone.h. Thread: any, except that the destructor joins the worker.
class AppContext {
 public:
  struct Options {
    std::string folder;  // created if missing, mode 0700
    // 14 takes 45 ms and 16 MiB on a desktop core, about 200 ms on a cheap phone.
    crypto::ScryptCost scryptCost{14};
    std::string deviceDescription;
    // Whether Clock::bootMs advances in real time. False for a shared clock: the worker polls it
    // every 50 ms.
    bool clockIsReal = true;
    // Called on the worker after each change of screens().
    std::function<void()> onChanged;
  };
  AppContext(Options options, platform::Platform& platform);
  ~AppContext();
  AppContext(const AppContext&) = delete;
  AppContext& operator=(const AppContext&) = delete;

  using Done = std::function<void(Status)>;
  // Errors: ENROLMENT_TEXT_INVALID, PIN_TOO_SHORT, ALREADY_ENROLLED, the server's (CODE_UNKNOWN,
  // CODE_USED, CODE_EXPIRED, TOO_MANY_ATTEMPTS), UNREACHABLE. Success unlocks. A repeat after a
  // lost answer uses the same keys and gets the same answer. An unlocked phone
  // (RoundScreen::needsCode) ignores the PIN, and an error changes nothing.
  void enrol(std::string text, std::string pin, const Done& done);
  // Errors: PIN_WRONG, PIN_WAIT (wait: Screens::pinWaitMs), those of app/phone_folder.h. A phone
  // whose identity ended still opens, waiting for a code (RoundScreen::awaitsCode), if its data key
  // is there; otherwise JOURNAL_DAMAGED.
  void unlock(std::string pin, const Done& done);
  // Closes journal and connection and erases the data key from memory. A phone that waits for a
  // code needs the PIN again.
  void lock();

  // Receives the number of the event, durable, or an error (recording::VisitRecorder;
  // NOT_UNLOCKED).
  using Recorded = std::function<void(Result<std::uint64_t>)>;
  void record(recording::Intent intent, const Recorded& done);
  // Selects the visit of Screens::visit from now on; absent: none.
  void showVisit(VisitId visit);
  // The newest screens. Never null; a snapshot that stays valid.
  std::shared_ptr<const Screens> screens() const;

  // On the carer's request: starts an exchange at once.
  void syncNow();
  // From the platform's connectivity signal.
  void networkChanged(bool up);
  // Waits until all tasks posted so far are done. For tests and an orderly shutdown.
  void settle();

 private:
  class Worker;
  std::unique_ptr<Worker> worker_;
};

}  // namespace doorstep::app
