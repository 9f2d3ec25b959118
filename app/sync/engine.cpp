// SPDX-License-Identifier: Apache-2.0
#include "app/sync/engine.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "app/sync/tuning.h"
#include "shared/crypto/sha256.h"
#include "shared/wire/entry_codec.h"

namespace doorstep::sync {
namespace {

namespace v1 = doorstep::sync::v1;

std::uint64_t after(std::uint64_t bootMs, std::int64_t delayMs) {
  return bootMs + static_cast<std::uint64_t>(delayMs);
}

bool refusesDevice(const Error& error) {
  return error.reason == "DEVICE_REVOKED" || error.reason == "DEVICE_UNKNOWN";
}

}  // namespace

SyncEngine::SyncEngine(journal::Journal& journal, roster::RosterStore& roster,
                       evidence::NoteVerifier log, platform::Platform& platform, Options options)
    : journal_(journal),
      roster_(roster),
      log_(std::move(log)),
      platform_(platform),
      options_(std::move(options)),
      formatsDigest_(options_.formats.empty()
                         ? std::string()
                         : std::string(crypto::sha256(options_.formats).view())),
      entriesMax_(kEntriesMax) {
  // Random start, so that an answer to a previous engine does not match an id of this one.
  nextId_ = static_cast<std::uint64_t>(randomBelow(std::int64_t{1} << 32)) << 20 | 1;
}

// --- events ---

Actions SyncEngine::start() {
  Actions actions;
  if (state_ != State::Stopped)
    return actions;
  failures_ = 0;
  begin(actions);
  return actions;
}

Actions SyncEngine::stop() {
  Actions actions;
  cancelOutstanding(actions);
  endWatch(actions);
  state_ = State::Stopped;
  actions.emplace_back(ScreensChanged{});
  return actions;
}

Actions SyncEngine::recorded(Urgency urgency) {
  Actions actions;
  const std::uint64_t now = platform_.clock.bootMs();
  switch (state_) {
    case State::Stopped:
    case State::NoNetwork:
    case State::Refused:
      break;
    case State::Exchanging:
      if (urgency == Urgency::Now)
        askAgain_ = true;
      else if (!gatherUntilBootMs_)
        gatherUntilBootMs_ = after(now, kGatherMs);
      break;
    case State::BackingOff:
      // The carer is active and the phone awake: try, but not immediately after the last try.
      if (urgency == Urgency::Now && now >= after(lastTryBootMs_, kTapRetryMs))
        begin(actions);
      break;
    case State::Idle:
      if (urgency == Urgency::Now) {
        begin(actions);
      } else if (!gatherUntilBootMs_) {
        gatherUntilBootMs_ = after(now, kGatherMs);
        scheduleWake(actions);
      }
      break;
  }
  actions.emplace_back(ScreensChanged{});
  return actions;
}

Actions SyncEngine::syncNow() {
  Actions actions;
  if (state_ == State::Exchanging) {
    askAgain_ = true;
    return actions;
  }
  if (state_ != State::Stopped)
    begin(actions);
  return actions;
}

Actions SyncEngine::networkChanged(bool up) {
  Actions actions;
  if (state_ == State::Stopped)
    return actions;
  cancelOutstanding(actions);
  endWatch(actions);
  actions.emplace_back(DropConnection{});
  if (state_ == State::Refused)
    return actions;
  failures_ = 0;
  if (up) {
    begin(actions);
  } else {
    state_ = State::NoNetwork;
    actions.emplace_back(ScreensChanged{});
  }
  return actions;
}

Actions SyncEngine::wake() {
  Actions actions;
  const std::uint64_t now = platform_.clock.bootMs();
  if (state_ == State::Exchanging && now >= outstanding_->giveUpBootMs) {
    cancelOutstanding(actions);
    fail({ErrorCode::DeadlineExceeded, "DEADLINE_EXCEEDED", "the transport kept no deadline"},
         actions);
    return actions;
  }
  const bool due = (state_ == State::BackingOff && now >= retryBootMs_) ||
                   (state_ == State::Idle && (now >= idleUntilBootMs_ ||
                                              (gatherUntilBootMs_ && now >= *gatherUntilBootMs_)));
  if (due)
    begin(actions);
  else
    scheduleWake(actions);
  return actions;
}

Actions SyncEngine::exchangeAnswered(std::uint64_t exchange, const v1::ExchangeResponse& response) {
  Actions actions;
  if (!outstanding_ || outstanding_->exchange.id != exchange)
    return actions;  // late or duplicate
  const Outstanding outstanding = *std::exchange(outstanding_, std::nullopt);
  const bool askedFromEmpty = std::exchange(askFromEmptyLog_, false);
  auto answer = verifyAnswer(outstanding.exchange, response, log_);
  if (!answer.ok()) {
    const bool mayContradict = answer.error().reason == "CHECKPOINT_SIGNATURE" && !askedFromEmpty &&
                               outstanding.exchange.held.size() > 0;
    if (mayContradict) {
      askFromEmptyLog_ = true;
      begin(actions);
    } else {
      fail(answer.error(), actions);
    }
    return actions;
  }
  if (options_.renewal != nullptr && options_.renewal->answered(response))
    actions.emplace_back(UseCertificate{options_.renewal->enrolment()});
  const std::uint64_t heldN = response.held_n();
  noteUnplanned(outstanding, *answer);
  noteSetAside(*answer);
  noteServerTime(outstanding, response.server_time_unix_ms());
  Status accepted = accept(outstanding, response, *answer);
  // The plan is processed after the receipts, and its errors do not affect them.
  if (accepted.ok())
    accepted = acceptPlan(outstanding, response);
  if (accepted.ok())
    accepted = noteHeld(*answer, heldN);
  if (accepted.ok())
    succeed(actions);
  else
    fail(accepted.error(), actions);
  return actions;
}

Actions SyncEngine::exchangeFailed(std::uint64_t exchange, const Error& error) {
  Actions actions;
  if (!outstanding_ || outstanding_->exchange.id != exchange)
    return actions;
  outstanding_.reset();
  askFromEmptyLog_ = false;
  fail(error, actions);
  return actions;
}

Actions SyncEngine::watchHinted(std::uint64_t watch, std::uint64_t newerPlanCursor) {
  Actions actions;
  if (watch != watch_ || newerPlanCursor <= roster_.cursor())
    return actions;
  if (state_ == State::Idle)
    begin(actions);
  else if (state_ == State::Exchanging)
    askAgain_ = true;
  return actions;
}

Actions SyncEngine::watchEnded(std::uint64_t watch, const Error& error) {
  Actions actions;
  if (watch == 0 || watch != watch_)
    return actions;
  watch_ = 0;
  if (refusesDevice(error) && !outstanding_) {
    fail(error, actions);
  } else if (state_ == State::Idle) {
    // The connection ended, perhaps for every phone of this server at the same time.
    waitBeforeRetry(randomBelow(kWatchEndedSpreadMs), actions);
  }
  return actions;
}

bool SyncEngine::isDrained() const {
  return succeededOnce_ && !outstanding_ && journal_.unsealedEvents() == 0 && !mustGoOn() &&
         scopeMismatches_ == 0 && setAside_.empty();
}

// --- an exchange from beginning to end ---

void SyncEngine::begin(Actions& actions) {
  DOORSTEP_CHECK(!outstanding_);
  lastTryBootMs_ = platform_.clock.bootMs();
  askAgain_ = false;
  gatherUntilBootMs_.reset();
  if (lastTryBootMs_ >= tellAgainBootMs_ && !tellFrom_)
    tellFrom_ = 1;
  if (lastTryBootMs_ >= setAsideUntilBootMs_)
    setAside_.clear();
  // If the key store fails, entries wait; plan, anchor and already signed entries are exchanged.
  const auto sealed = journal_.seal(roster_.planVersion());
  sealFailureReason_ = sealed.ok() ? std::string() : sealed.error().reason;

  Outstanding outstanding;
  SendExchange send;
  if (const Status filled = fillRequest(send.request, outstanding); !filled.ok()) {
    fail(filled.error(), actions);
    return;
  }
  send.exchange = outstanding.exchange.id = nextId_++;
  send.deadlineMs =
      kCallDeadlineMs +
      static_cast<std::int64_t>(send.request.ByteSizeLong() / kDeadlineStepBytes) * kDeadlineStepMs;
  outstanding.giveUpBootMs = after(lastTryBootMs_, send.deadlineMs + kDeadlineGraceMs);
  outstanding_ = std::move(outstanding);
  state_ = State::Exchanging;
  actions.emplace_back(std::move(send));
  actions.emplace_back(ScreensChanged{});
  scheduleWake(actions);
}

// The first exchange of a boot with unsent events sends none: it first fetches the lower bound of
// trusted time.
bool SyncEngine::needsAnchorFirst() const {
  const journal::SyncState& state = journal_.syncState();
  const std::uint32_t boot = platform_.clock.boot();
  const bool anchored = state.replyServerUnixMs != 0 && state.replyBoot == boot;
  return !anchored && journal_.hasUnsentOfBoot(boot);
}

Status SyncEngine::fillRequest(v1::ExchangeRequest& request, Outstanding& outstanding) {
  const journal::SyncState& state = journal_.syncState();
  outstanding.planCursor = roster_.cursor();
  outstanding.tellNext = tellFrom_;
  request.set_plan_cursor(outstanding.planCursor);
  if (!askFromEmptyLog_)
    outstanding.exchange.held = state.frontier;
  request.set_held_log_size(outstanding.exchange.held.size());
  if (outstanding.exchange.held.size() > 0)
    request.set_held_log_root_prefix(
        std::string(outstanding.exchange.held.root().view().substr(0, kRootPrefixBytes)));
  if (!state.contradictedCheckpoint.empty()) {
    request.set_contradicted_checkpoint(state.contradictedCheckpoint);
    outstanding.carriedContradiction = true;
  }
  fillClock(request, outstanding);
  fillFormats(request, outstanding);
  if (options_.renewal != nullptr)
    options_.renewal->ask(request);
  if (needsAnchorFirst())
    return kDone;
  DOORSTEP_ASSIGN(auto entries, tellPlans(request, outstanding));
  if (entries.size() < entriesMax_) {
    using Which = journal::Journal::Which;
    const std::size_t room = entriesMax_ - entries.size();
    DOORSTEP_ASSIGN(
        auto fresh,
        resendFrom_ ? journal_.entriesFrom(*resendFrom_, Which::All, room, kEntriesBytesMax)
                    : journal_.entriesFrom(journal_.firstWithoutReceipt(), Which::WithoutReceipt,
                                           room, kEntriesBytesMax, setAside_));
    entries.insert(entries.end(), std::make_move_iterator(fresh.begin()),
                   std::make_move_iterator(fresh.end()));
  }
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.n < b.n; });
  for (journal::SignedEntryBytes& entry : entries) {
    DOORSTEP_ASSIGN(auto arrivalSalt, wire::arrivalSaltOf(entry.bytes));
    outstanding.exchange.entries.push_back(
        {entry.n, journal_.entry(entry.n)->hash, std::move(arrivalSalt)});
    request.add_entries(std::move(entry.bytes));
  }
  return kDone;
}

Status SyncEngine::accept(const Outstanding& outstanding, const v1::ExchangeResponse& response,
                          Answer answer) {
  journal::SyncState state = journal_.syncState();
  const bool sameLog = answer.logSigned && answer.frontier.size() == state.frontier.size() &&
                       answer.frontier.root() == state.frontier.root();
  const bool startedOver =
      answer.fromEmptyLog || outstanding.exchange.held.size() != state.frontier.size();
  const bool contradicts = answer.logSigned && startedOver && !sameLog;
  noteFormats(outstanding, response.formats_wanted() || contradicts, state);
  if (outstanding.carriedContradiction)
    state.contradictedCheckpoint.clear();
  // After a change of history, proved positions are invalid even for entries that are in the log
  // again: request all receipts again.
  std::optional<std::uint64_t> provedUpTo;
  if (contradicts) {
    state.contradictedCheckpoint = state.checkpointNote.substr(0, kContradictedCheckpointBytesMax);
    state.logContradicted = true;
    provedUpTo = 0;
  }
  if (answer.logSigned) {
    state.frontier = std::move(answer.frontier);
    state.checkpointNote = std::move(answer.checkpointNote);
  }
  state.replyBoot = platform_.clock.boot();
  state.replyBootMs = platform_.clock.bootMs();
  state.replyServerUnixMs = response.server_time_unix_ms();
  state.replyWallUnixMs = platform_.clock.wallUnixMs();
  return journal_.recordExchange(answer.receipts, state, provedUpTo);
}

Status SyncEngine::acceptPlan(const Outstanding& outstanding,
                              const v1::ExchangeResponse& response) {
  planHasMore_ = false;
  if (!response.has_plan())
    return kDone;
  const std::uint64_t before = roster_.planVersion();
  DOORSTEP_ASSIGN(const auto applied, roster_.apply(response.plan(), outstanding.planCursor));
  DOORSTEP_TRY(keepPlansOfBegun());
  if (roster_.planVersion() != before)
    tellFrom_ = 1;  // unknown visits may be planned again
  switch (applied) {
    case roster::RosterStore::Applied::More:
      planHasMore_ = true;
      break;
    case roster::RosterStore::Applied::Whole:
      scopeMismatches_ = 0;
      break;
    case roster::RosterStore::Applied::ScopeMismatch:
      ++scopeMismatches_;
      break;
  }
  return kDone;
}

// A server that has less than it gave receipts for, or that answered GAP, is sent the missing
// entries; if the same are missing again, the next attempt is delayed.
Status SyncEngine::noteHeld(const Answer& answer, std::uint64_t heldN) {
  std::uint64_t highestReceipt = 0;
  const auto& entries = journal_.entries();
  const auto newest = std::find_if(entries.rbegin(), entries.rend(),
                                   [](const auto& entry) { return entry.receipt.has_value(); });
  if (newest != entries.rend())
    highestReceipt = newest->n;
  if (heldN >= highestReceipt && !answer.gap) {
    resendFrom_.reset();
    lastResendFrom_.reset();
    return kDone;
  }
  resendFrom_ = heldN + 1;
  if (!entries.empty() && *resendFrom_ < entries.front().n)
    return Error{ErrorCode::FailedPrecondition, "HISTORY_MISSING",
                 "the server lacks entries that are older than the retention"};
  if (std::exchange(lastResendFrom_, resendFrom_) == resendFrom_)
    return Error{ErrorCode::Unavailable, "ENTRIES_NOT_KEPT",
                 "the server did not keep what was sent again"};
  return kDone;
}

bool SyncEngine::mustGoOn() const {
  const bool scopeRetry = scopeMismatches_ > 0 && scopeMismatches_ <= kScopeRetriesMax;
  const bool entriesWait = nextToSend(journal_.firstWithoutReceipt()) <= journal_.lastEntry();
  const bool plansToTell = tellFrom_ && nextUnplanned(*tellFrom_) != 0;
  return plansToTell || askAgain_ || planHasMore_ || resendFrom_.has_value() || entriesWait ||
         scopeRetry || timeDispute_ || !journal_.syncState().contradictedCheckpoint.empty();
}

void SyncEngine::succeed(Actions& actions) {
  failures_ = 0;
  succeededOnce_ = true;
  lastFailureReason_ = sealFailureReason_;
  entriesMax_ = std::min(entriesMax_ * 2, kEntriesMax);
  if (mustGoOn())
    begin(actions);
  else
    goIdle(actions);
}

void SyncEngine::fail(const Error& error, Actions& actions) {
  ++failures_;
  lastFailureReason_ = error.reason.empty() ? "UNREACHABLE" : error.reason;
  if (refusesDevice(error)) {
    endWatch(actions);
    state_ = State::Refused;
    actions.emplace_back(ScreensChanged{});
    return;
  }
  if (error.reason == "TOO_MANY_ENTRIES" && entriesMax_ > 1) {
    entriesMax_ /= 2;
    begin(actions);
    return;
  }
  const std::int64_t delayMs = retryDelayMs();
  waitBeforeRetry(
      isRetryable(error) ? delayMs : kLongestRetryMs / 2 + randomBelow(kLongestRetryMs / 2),
      actions);
}

// --- waiting ---

void SyncEngine::goIdle(Actions& actions) {
  state_ = State::Idle;
  idleUntilBootMs_ = after(platform_.clock.bootMs(), kIdleExchangeMs);
  if (options_.watch && watch_ == 0) {
    watch_ = nextId_++;
    actions.emplace_back(StartWatch{watch_, roster_.cursor()});
  }
  // Compacts while nothing waits. A failure is retried after the next exchange.
  (void)journal_.compact(journal_.syncState().replyServerUnixMs);
  actions.emplace_back(ScreensChanged{});
  scheduleWake(actions);
}

void SyncEngine::waitBeforeRetry(std::int64_t delayMs, Actions& actions) {
  state_ = State::BackingOff;
  retryBootMs_ = after(platform_.clock.bootMs(), delayMs);
  actions.emplace_back(ScreensChanged{});
  scheduleWake(actions);
}

// Doubles with each consecutive failure; the upper half is random.
std::int64_t SyncEngine::retryDelayMs() {
  const std::uint32_t doublings = std::min<std::uint32_t>(failures_ - 1, 16);
  const std::int64_t delayMs = std::min(kFirstRetryMs << doublings, kLongestRetryMs);
  return delayMs / 2 + randomBelow(delayMs / 2);
}

std::int64_t SyncEngine::randomBelow(std::int64_t bound) {
  std::array<std::uint8_t, 4> bytes{};
  platform_.ids.fillRandom(bytes);
  std::uint32_t number = 0;
  for (const std::uint8_t byte : bytes)
    number = number << 8 | byte;
  return static_cast<std::int64_t>(number) % bound;
}

void SyncEngine::scheduleWake(Actions& actions) {
  switch (state_) {
    case State::Stopped:
    case State::NoNetwork:
    case State::Refused:
      return;
    case State::Exchanging:
      actions.emplace_back(WakeAt{outstanding_->giveUpBootMs});
      return;
    case State::BackingOff:
      actions.emplace_back(WakeAt{retryBootMs_});
      return;
    case State::Idle:
      actions.emplace_back(
          WakeAt{std::min(idleUntilBootMs_, gatherUntilBootMs_.value_or(idleUntilBootMs_))});
      return;
  }
}

void SyncEngine::endWatch(Actions& actions) {
  if (watch_ != 0)
    actions.emplace_back(StopWatch{std::exchange(watch_, 0)});
}

void SyncEngine::cancelOutstanding(Actions& actions) {
  if (outstanding_)
    actions.emplace_back(CancelExchange{outstanding_->exchange.id});
  outstanding_.reset();
}

}  // namespace doorstep::sync
