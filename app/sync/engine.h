// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/journal/journal.h"
#include "app/roster/roster_store.h"
#include "doorstep/sync/v1/sync_service.pb.h"
#include "shared/evidence/checkpoint.h"

namespace doorstep::sync {

// What the engine wants done. The owner does it in order and never blocks on it.

// Answered exactly once, by exchangeAnswered or exchangeFailed, at the latest after deadlineMs.
struct SendExchange {
  std::uint64_t exchange = 0;
  doorstep::sync::v1::ExchangeRequest request;
  std::int64_t deadlineMs = 0;
};
// Nobody waits for it any more: its answer would be dropped.
struct CancelExchange {
  std::uint64_t exchange = 0;
};
// Ends with watchEnded, unless StopWatch came first.
struct StartWatch {
  std::uint64_t watch = 0;
  std::uint64_t planCursor = 0;
};
struct StopWatch {
  std::uint64_t watch = 0;
};
// Connections of the old network are worth nothing; the next call makes a new one.
struct DropConnection {};
// Call wake() when Clock::bootMs has reached this. Replaces the wake-up that was asked for before.
struct WakeAt {
  std::uint64_t bootMs = 0;
};
// Something that screens show may be different now.
struct ScreensChanged {};
using Action = std::variant<SendExchange, CancelExchange, StartWatch, StopWatch, DropConnection, WakeAt,
                            ScreensChanged>;
using Actions = std::vector<Action>;

enum class State {
  // start() has not been called, or stop() has. Ended by start().
  Stopped,
  // Nothing is outstanding. Ended by something recorded, a hint, the idle time, the user.
  Idle,
  // One exchange is outstanding. Ended by its answer, its failure or its deadline.
  Exchanging,
  // The last exchange failed and may be repeated. Ended by the delay, the network coming up, the user.
  BackingOff,
  // The device has no network. Ended by networkChanged(true), or the user.
  NoNetwork,
  // The server does not want this device (revoked, unknown). Ended by the user or the next start.
  Refused,
};

// How soon something recorded must reach the office.
enum class Urgency {
  Now,       // somebody's board depends on it: check-in, check-out, no entry, delay
  Gathered,  // tasks and notes go together, after kGatherMs
};

// The phone's side of docs/sync-protocol.md as a sans-IO state machine: events in, actions out. It
// reads and writes journal and roster, and touches no network, thread or timer, so the simulator runs
// what ships.
//
// One exchange is outstanding at a time. An answer is believed only after its log extension verified:
// then receipts, frontier and anchor are written in one transaction, and only then does anything show
// as "at the office". Storage that fails makes an exchange fail: it is repeated, the server answers
// ALREADY_KNOWN. Nothing the server says makes the journal lose anything.
//
// Crash: the persistent state is the journal's SyncState and the roster's cursor; start() always tries
// at once, so no timer needs to survive. Thread: the journal's worker.
class SyncEngine {
 public:
  struct Options {
    // Keep a Watch open while idle. Off for a phone that exchanges once and ends.
    bool watch = true;
  };
  SyncEngine(journal::Journal& journal, roster::RosterStore& roster, evidence::NoteVerifier log,
             platform::Platform& platform, Options options);

  // --- events ---
  Actions start();
  // Outstanding calls are cancelled; entries stay for the next start.
  Actions stop();
  Actions recorded(Urgency urgency);
  // The user asks; tries at once whatever the state, but for one exchange at a time.
  Actions syncNow();
  Actions networkChanged(bool up);
  Actions wake();
  // Answers for an exchange that is not outstanding are dropped: they came late or twice.
  Actions exchangeAnswered(std::uint64_t exchange, const doorstep::sync::v1::ExchangeResponse& response);
  Actions exchangeFailed(std::uint64_t exchange, const Error& error);
  Actions watchHinted(std::uint64_t watch, std::uint64_t newerPlanCursor);
  Actions watchEnded(std::uint64_t watch, const Error& error);

  // --- what is known ---
  State state() const { return state_; }
  // Nothing waits here: every event is in an entry, every entry has a receipt, the plan is whole, and
  // an exchange succeeded since start().
  bool isDrained() const;
  // Reason of the newest failure, empty after a success.
  const std::string& lastFailureReason() const { return lastFailureReason_; }

 private:
  using Response = doorstep::sync::v1::ExchangeResponse;
  // What is outstanding.
  struct Outstanding {
    std::uint64_t exchange = 0;
    std::vector<std::uint64_t> sent;  // n of each entry
    std::uint64_t planCursor = 0;
    std::uint64_t heldLogSize = 0;
    bool carriedContradiction = false;
    std::uint64_t giveUpBootMs = 0;
  };
  // A verified answer, not yet written.
  struct Verified {
    std::vector<journal::Receipt> receipts;
    journal::SyncState state;
    bool contradicts = false;
    bool logMoved = false;
    std::optional<std::uint64_t> firstGap;  // lowest n that was answered GAP
  };

  void begin(Actions& actions);
  Result<doorstep::sync::v1::ExchangeRequest> makeRequest(Outstanding& outstanding);
  Status addEntries(doorstep::sync::v1::ExchangeRequest& request, Outstanding& outstanding);
  bool needsAnchorFirst() const;

  Result<Verified> verify(const Outstanding& outstanding, const Response& response) const;
  Status verifyLog(const Outstanding& outstanding, const Response& response, Verified& verified) const;
  Status accept(const Outstanding& outstanding, const Response& response, Verified verified);
  Result<roster::RosterStore::Applied> acceptPlan(const Outstanding& outstanding, const Response& response);
  void noteHeld(const Verified& verified, std::uint64_t heldN);

  void succeed(Actions& actions);
  void fail(const Error& error, Actions& actions);
  void backOff(std::int64_t delayMs, Actions& actions);
  std::int64_t nextDelayMs();
  void goIdle(Actions& actions);
  bool hasMoreToExchange() const;
  void endWatch(Actions& actions);

  journal::Journal& journal_;
  roster::RosterStore& roster_;
  const evidence::NoteVerifier log_;
  platform::Platform& platform_;
  const Options options_;

  State state_ = State::Stopped;
  std::optional<Outstanding> outstanding_;
  std::uint64_t nextId_ = 1;
  std::uint64_t watch_ = 0;                  // 0: none open
  std::uint64_t wakeBootMs_ = 0;
  std::uint32_t failures_ = 0;               // in a row
  std::string lastFailureReason_;
  bool succeededOnce_ = false;
  bool urgent_ = false;                      // something waits for the outstanding exchange to end
  std::optional<std::uint64_t> gatherUntilBootMs_;
  bool askFromEmptyLog_ = false;             // the signature did not fit: held_log_size 0 next time
  std::optional<std::uint64_t> resendFrom_;  // the server lost entries from here on
  std::optional<std::uint64_t> lastGapHeldN_;  // guards against a server that answers GAP for ever
  bool planHasMore_ = false;
  std::uint32_t scopeMismatches_ = 0;        // in a row
  std::uint64_t hintedPlanCursor_ = 0;
};

}  // namespace doorstep::sync
