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

// Actions that the engine requests. The owner carries them out in order and never blocks on them.

// Answered exactly once, by exchangeAnswered or exchangeFailed, by deadlineMs at the latest.
struct SendExchange {
  std::uint64_t exchange = 0;
  doorstep::sync::v1::ExchangeRequest request;
  std::int64_t deadlineMs = 0;
};
// The exchange is given up: its answer would be ignored.
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
// The network has changed: close the connection; the next call opens a new one.
struct DropConnection {};
// The device has a new certificate, stored durably: new connections use it.
struct UseCertificate {
  Enrolment enrolment;
};
// Call wake() when Clock::bootMs reaches this. Replaces any earlier WakeAt.
struct WakeAt {
  std::uint64_t bootMs = 0;
};
// The content of the screens may have changed.
struct ScreensChanged {};
using Action = std::variant<SendExchange, CancelExchange, StartWatch, StopWatch, DropConnection,
                            UseCertificate, WakeAt, ScreensChanged>;
using Actions = std::vector<Action>;

enum class State {
  // start() has not been called, or stop() has. Ended by start().
  Stopped,
  // Nothing is outstanding. Ended by a new event, a hint, the idle time or the user.
  Idle,
  // One exchange is outstanding. Ended by its answer, its failure or its deadline.
  Exchanging,
  // The last exchange failed and may be retried. Ended by the delay, the network coming up or the
  // user.
  BackingOff,
  // The device has no network. Ended by networkChanged(true) or the user.
  NoNetwork,
  // The server refuses this device (revoked, unknown). Ended by the user or the next start.
  Refused,
};

// How soon an event must reach the office.
enum class Urgency {
  Now,       // boards depend on it: check-in, check-out, no entry, delay
  Gathered,  // tasks and notes, batched for kGatherMs
};

// The phone's side of docs/sync-protocol.md as a sans-IO state machine: events in, actions out. It
// reads and writes journal and roster but uses no network, thread or timer, so that the simulator
// runs the released code.
//
// One exchange is outstanding at a time. An answer is accepted only after its log extension
// verified; then receipts, frontier and anchor are stored in one transaction, and only then does
// anything show as "at the office". A storage failure fails the exchange; it is repeated, and the
// server answers ALREADY_KNOWN. No answer can make the journal lose anything.
//
// Crash: the persistent state is the journal's SyncState and the roster's cursor; start() always
// exchanges at once, so no timer needs to survive. Thread: the journal's worker.
class SyncEngine {
 public:
  struct Options {
    // Keep a Watch open while idle. Off for a phone that exchanges once and ends.
    bool watch = true;
    // Outlives the engine. Null: the certificate is not renewed.
    CertificateRenewal* renewal = nullptr;
    // Encoded sync.v1.Formats of this phone. Empty: not sent.
    std::string formats = wire::encodeFormats(wire::ownFormats());
  };
  SyncEngine(journal::Journal& journal, roster::RosterStore& roster, evidence::NoteVerifier log,
             platform::Platform& platform, Options options);

  // --- events ---
  Actions start();
  // Cancels outstanding calls; entries wait for the next start.
  Actions stop();
  Actions recorded(Urgency urgency);
  // User request: exchanges at once in any state, still one exchange at a time.
  Actions syncNow();
  Actions networkChanged(bool up);
  Actions wake();
  // Answers for an exchange that is not outstanding (late or duplicate) are ignored.
  Actions exchangeAnswered(std::uint64_t exchange,
                           const doorstep::sync::v1::ExchangeResponse& response);
  Actions exchangeFailed(std::uint64_t exchange, const Error& error);
  Actions watchHinted(std::uint64_t watch, std::uint64_t newerPlanCursor);
  Actions watchEnded(std::uint64_t watch, const Error& error);

  // --- state ---
  State state() const { return state_; }
  // True when nothing waits: every event is in an entry, every entry has a receipt, the plan is
  // complete, and an exchange has succeeded since start().
  bool isDrained() const;
  // Reason of the newest failure; empty after a success.
  const std::string& lastFailureReason() const { return lastFailureReason_; }

 private:
  struct Outstanding {
    SentExchange exchange;
    std::uint64_t planCursor = 0;
    bool carriedContradiction = false;
    bool carriedDispute = false;
    bool carriedFormats = false;
    std::uint64_t sentBootMs = 0;
    std::set<std::uint64_t> told;           // entries sent with their plan objects
    std::optional<std::uint64_t> tellNext;  // more of them wait, from this n on
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
  const std::string formatsDigest_;  // of options_.formats; empty if that is

  State state_ = State::Stopped;
  std::optional<Outstanding> outstanding_;  // set in Exchanging only
  std::uint64_t nextId_;                    // of exchanges and watches
  std::uint64_t watch_ = 0;                 // 0: none open
  std::uint32_t failures_ = 0;              // in a row
  std::string lastFailureReason_;
  std::string sealFailureReason_;  // the signing key was unavailable; entries wait
  bool succeededOnce_ = false;
  std::size_t entriesMax_;  // reduced when the server answers TOO_MANY_ENTRIES

  // Wake-up times, Clock::bootMs.
  std::uint64_t lastTryBootMs_ = 0;
  std::uint64_t retryBootMs_ = 0;      // in BackingOff
  std::uint64_t idleUntilBootMs_ = 0;  // in Idle
  std::optional<std::uint64_t> gatherUntilBootMs_;

  // Reasons for another exchange at once.
  bool askAgain_ = false;         // recorded or hinted while one was outstanding
  bool askFromEmptyLog_ = false;  // the signature did not verify: held_log_size 0 next time
  bool planHasMore_ = false;
  // Entries that the office could not count for lack of a plan are sent again from this n on, with
  // the phone's plan of their visits. nullopt: not now.
  std::optional<std::uint64_t> tellFrom_ = 1;
  std::uint64_t tellAgainBootMs_ = 0;
  // Entries with a verdict unknown to this release that are in no log yet; they wait.
  std::set<std::uint64_t> setAside_;
  std::uint64_t setAsideUntilBootMs_ = 0;
  std::optional<Contact> lastContact_;           // of this boot and this engine
  std::optional<TimeDispute> timeDispute_;       // to be sent
  std::uint32_t scopeMismatches_ = 0;            // in a row
  std::optional<std::uint64_t> resendFrom_;      // the server lost entries from here on
  std::optional<std::uint64_t> lastResendFrom_;  // a repeated request for the same n is delayed
};

}  // namespace doorstep::sync
