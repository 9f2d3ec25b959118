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

// What the screens show, made on the worker after each change and handed over whole.
struct Screens {
  Access access = Access::NotEnrolled;
  std::int64_t pinWaitMs = 0;  // until the next PIN may be tried
  // With JournalDamaged: unlock() opens a phone that records while it waits for a code.
  bool canRecordMeanwhile = false;
  projections::RoundScreen round;
  std::optional<projections::VisitScreen> visit;  // of showVisit
  projections::OfficeScreen office;
};

// The composition root of one phone's folder: platform in, screens out. No Qt.
//
// One worker thread owns journal, roster and engine. Every function posts to it and returns; what a
// caller waits for comes through a callback, which is called on the worker: a GUI posts it on to
// its own thread. The queue is bounded; when it is full the callback is given QUEUE_FULL at once,
// on the caller's thread.
//
// Crash: as app/phone.h. Thread: any for all functions but the destructor, which joins the worker.
class AppContext {
 public:
  struct Options {
    std::string folder;  // made when it is missing, mode 0700
    // 14 takes 45 ms and 16 MiB on a desktop core, some 200 ms on a cheap phone.
    crypto::ScryptCost scryptCost{14};
    std::string deviceDescription;
    // Clock::bootMs runs as fast as the system's. False for a shared clock: the worker looks at it
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
  // CODE_USED, CODE_EXPIRED, TOO_MANY_ATTEMPTS), UNREACHABLE. Unlocked when it succeeded. A repeat
  // after a lost answer uses the same keys, and the server gives the same answer. Of an unlocked
  // phone (RoundScreen::needsCode) the PIN is not looked at, and an error leaves it as it was.
  void enrol(std::string text, std::string pin, const Done& done);
  // Errors: PIN_WRONG, PIN_WAIT (Screens::pinWaitMs says how long), those of app/phone_folder.h. A
  // phone whose identity ended opens all the same, as one that waits for a code
  // (RoundScreen::awaitsCode), where its data key is still there; else JOURNAL_DAMAGED.
  void unlock(std::string pin, const Done& done);
  // Closes journal and connection and forgets the data key. A phone that waits for a code asks for
  // it again.
  void lock();

  // done: the event's number once it is durable, or why not (recording::VisitRecorder;
  // NOT_UNLOCKED).
  using Recorded = std::function<void(Result<std::uint64_t>)>;
  void record(recording::Intent intent, const Recorded& done);
  // The visit that Screens::visit follows from now on; none: no visit.
  void showVisit(VisitId visit);
  // The newest screens. Never null; safe to keep.
  std::shared_ptr<const Screens> screens() const;

  // The carer asks: try at once.
  void syncNow();
  // From the platform's connectivity signal.
  void networkChanged(bool up);
  // Waits until everything posted before has been done. For tests and an orderly end.
  void settle();

 private:
  class Worker;
  std::unique_ptr<Worker> worker_;
};

}  // namespace doorstep::app
