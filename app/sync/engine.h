// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "app/journal/journal.h"
#include "app/roster/roster_store.h"
#include "app/sync/answer.h"
#include "app/sync/certificate_renewal.h"
#include "app/sync/time_dispute.h"
#include "doorstep/sync/v1/sync_service.pb.h"
#include "shared/evidence/checkpoint.h"
#include "shared/wire/formats.h"

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
// The device has another certificate, durable: connections from now on show it.
struct UseCertificate {
  Enrolment enrolment;
};
// Call wake() when Clock::bootMs has reached this. Replaces the wake-up that was asked for before.
struct WakeAt {
  std::uint64_t bootMs = 0;
};
// Something that screens show may be different now.
struct ScreensChanged {};
using Action = std::variant<SendExchange, CancelExchange, StartWatch, StopWatch, DropConnection,
                            UseCertificate, WakeAt, ScreensChanged>;
using Actions = std::vector<Action>;

enum class State {
  // start() has not been called, or stop() has. Ended by start().
  Stopped,
  // Nothing is outstanding. Ended by something recorded, a hint, the idle time, the user.
  Idle,
  // One exchange is outstanding. Ended by its answer, its failure or its deadline.
  Exchanging,
  // The last exchange failed and may be repeated. Ended by the delay, the network coming up, the
  // user.
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
// reads and writes journal and roster, and touches no network, thread or timer, so the simulator
// runs what ships.
//
// One exchange is outstanding at a time. An answer is believed only after its log extension
// verified: then receipts, frontier and anchor are written in one transaction, and only then does
// anything show as "at the office". Storage that fails makes an exchange fail: it is repeated, the
// server answers ALREADY_KNOWN. Nothing the server says makes the journal lose anything.
//
// Crash: the persistent state is the journal's SyncState and the roster's cursor; start() always
// tries at once, so no timer needs to survive. Thread: the journal's worker.
class SyncEngine {
 public:
  struct Options {
    // Keep a Watch open while idle. Off for a phone that exchanges once and ends.
    bool watch = true;
    // Outlives the engine. None: the certificate stays as it is.
    CertificateRenewal* renewal = nullptr;
    // Encoded sync.v1.Formats: what this phone reads. Empty: it does not say.
    std::string formats = wire::encodeFormats(wire::ownFormats());
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
  Actions exchangeAnswered(std::uint64_t exchange,
                           const doorstep::sync::v1::ExchangeResponse& response);
  Actions exchangeFailed(std::uint64_t exchange, const Error& error);
  Actions watchHinted(std::uint64_t watch, std::uint64_t newerPlanCursor);
  Actions watchEnded(std::uint64_t watch, const Error& error);

  // --- what is known ---
  State state() const { return state_; }
  // Nothing waits here: every event is in an entry, every entry has a receipt, the plan is whole,
  // and an exchange succeeded since start().
  bool isDrained() const;
  // Reason of the newest failure, empty after a success.
  const std::string& lastFailureReason() const { return lastFailureReason_; }

 private:
  struct Outstanding {
    SentExchange exchange;
    std::uint64_t planCursor = 0;
    bool carriedContradiction = false;
    bool carriedDispute = false;
    bool carriedFormats = false;
    std::uint64_t sentBootMs = 0;
    std::set<std::uint64_t> told;           // entries that went with their plan objects
    std::optional<std::uint64_t> tellNext;  // more of them wait: from this n on
    std::uint64_t giveUpBootMs = 0;
  };

  // An exchange from beginning to end.
  void begin(Actions& actions);
  Status fillRequest(doorstep::sync::v1::ExchangeRequest& request, Outstanding& outstanding);
  void fillClock(doorstep::sync::v1::ExchangeRequest& request, Outstanding& outstanding) const;
  bool needsAnchorFirst() const;
  std::uint64_t nextUnplanned(std::uint64_t from) const;
  Result<std::vector<journal::SignedEntryBytes>> tellPlans(
      doorstep::sync::v1::ExchangeRequest& request, Outstanding& outstanding);
  void noteUnplanned(const Outstanding& outstanding, const Answer& answer);
  void fillFormats(doorstep::sync::v1::ExchangeRequest& request, Outstanding& outstanding) const;
  void noteFormats(const Outstanding& outstanding, bool wanted, journal::SyncState& state) const;
  void noteSetAside(const Answer& answer);
  std::uint64_t nextToSend(std::uint64_t from) const;
  void noteServerTime(const Outstanding& outstanding, std::int64_t serverUnixMs);
  Status accept(const Outstanding& outstanding,
                const doorstep::sync::v1::ExchangeResponse& response, Answer answer);
  Status acceptPlan(const Outstanding& outstanding,
                    const doorstep::sync::v1::ExchangeResponse& response);
  Status keepPlansOfBegun();
  Status noteHeld(const Answer& answer, std::uint64_t heldN);
  void succeed(Actions& actions);
  void fail(const Error& error, Actions& actions);
  bool mustGoOn() const;

  // Waiting.
  void goIdle(Actions& actions);
  void waitBeforeRetry(std::int64_t delayMs, Actions& actions);
  std::int64_t retryDelayMs();
  std::int64_t randomBelow(std::int64_t bound);
  void scheduleWake(Actions& actions);
  void endWatch(Actions& actions);
  void cancelOutstanding(Actions& actions);

  journal::Journal& journal_;
  roster::RosterStore& roster_;
  const evidence::NoteVerifier log_;
  platform::Platform& platform_;
  const Options options_;
  const std::string formatsDigest_;  // of options_.formats; empty with it

  State state_ = State::Stopped;
  std::optional<Outstanding> outstanding_;  // set in Exchanging only
  std::uint64_t nextId_;                    // of exchanges and watches
  std::uint64_t watch_ = 0;                 // 0: none open
  std::uint32_t failures_ = 0;              // in a row
  std::string lastFailureReason_;
  std::string sealFailureReason_;  // the signing key was not there; entries wait
  bool succeededOnce_ = false;
  std::size_t entriesMax_;  // falls when the server says TOO_MANY_ENTRIES

  // When to wake, Clock::bootMs.
  std::uint64_t lastTryBootMs_ = 0;
  std::uint64_t retryBootMs_ = 0;      // in BackingOff
  std::uint64_t idleUntilBootMs_ = 0;  // in Idle
  std::optional<std::uint64_t> gatherUntilBootMs_;

  // Why another exchange follows at once.
  bool askAgain_ = false;         // recorded or hinted while one was outstanding
  bool askFromEmptyLog_ = false;  // the signature did not fit: held_log_size 0 next time
  bool planHasMore_ = false;
  // The office could not count these entries for lack of a plan; they are sent again from this n
  // on, with what the phone knows of their visits. Nothing: not now.
  std::optional<std::uint64_t> tellFrom_ = 1;
  std::uint64_t tellAgainBootMs_ = 0;
  // Entries whose verdict this release does not know and that are in no log yet; they wait.
  std::set<std::uint64_t> setAside_;
  std::uint64_t setAsideUntilBootMs_ = 0;
  std::optional<Contact> lastContact_;       // of this boot and this engine
  std::optional<TimeDispute> timeDispute_;   // to be told
  std::uint32_t scopeMismatches_ = 0;        // in a row
  std::optional<std::uint64_t> resendFrom_;  // the server lost entries from here on
  std::optional<std::uint64_t>
      lastResendFrom_;  // a server that asks twice for the same is waited for
};

}  // namespace doorstep::sync
