// SPDX-License-Identifier: Apache-2.0
// The phones' half of the world: carers who work, mischief, and the network between.
#include <algorithm>

#include "tests/simulation/world.h"

namespace doorstep::simulation {
namespace {

namespace pb = doorstep::sync::v1;

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kHourMs = 60 * kMinuteMs;

template <typename... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};
template <typename... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

}  // namespace

void World::atLife(std::size_t phone, std::int64_t delayMs, Step step) {
  at(delayMs, [this, phone, life = phones_[phone]->life(), step = std::move(step)] {
    if (phones_[phone]->isUp() && phones_[phone]->life() == life)
      step();
  });
}

// --- a phone's life ---

void World::startPhone(std::size_t phone) {
  const Status started = phones_[phone]->start();
  if (!started &&
      phones_[phone]->disk().isOff())  // the power went again, in the middle of recovery
    return stopPhone(phone, true);
  if (!started) {
    require("I1: a phone does not start: " + started.error().reason + " " + started.error().text);
    return;
  }
  Line& line = lines_[phone];
  line.exchange = line.watch = 0;
  line.tapsLeft = 0;
  trace("phone started", phone, phones_[phone]->phone().journal().lastEvent());
  const std::size_t told = phones_[phone]->confirmed().size();
  require(checker_.phoneStarted(*phones_[phone]));
  if (phones_[phone]->confirmed().size() > told)
    sometimes_.met(Sometimes::TapDurableThoughInterrupted);
  if (!report_.broken.empty())
    return;
  carryOut(phone, phones_[phone]->phone().engine().networkChanged(line.up));
  carryOut(phone, phones_[phone]->phone().engine().start());
}

void World::stopPhone(std::size_t phone, bool power) {
  if (power)
    phones_[phone]->losePower();
  else
    phones_[phone]->kill();
  phoneWentDown(phone);
}

void World::phoneWentDown(std::size_t phone) {
  trace("phone down", phone);
  lines_[phone].exchange = lines_[phone].watch = 0;
  const bool rebooted = draw_.chance(500);
  at(healing_ ? 1'000 : draw_.between(1'000, 2 * kHourMs), [this, phone, rebooted] {
    if (phones_[phone]->isUp())
      return;
    if (rebooted)
      phones_[phone]->clock().reboot();
    startPhone(phone);
  });
}

// A carer's day: something every few minutes, in a visit or on the way to the next.
void World::work(std::size_t phone) {
  if (healing_ || ended_)
    return;
  if (phones_[phone]->isUp()) {
    mischief(phone);
    if (phones_[phone]->isUp() && report_.broken.empty())
      tap(phone);
  }
  const bool inVisit = lines_[phone].tapsLeft > 0;
  at(inVisit ? draw_.between(20'000, 5 * kMinuteMs) : draw_.between(5 * kMinuteMs, 40 * kMinuteMs),
     [this, phone] { work(phone); });
}

void World::chooseVisit(std::size_t phone) {
  app::Phone& core = phones_[phone]->phone();
  Line& line = lines_[phone];
  std::vector<VisitId> due;
  for (const auto& [id, visit] : core.roster().visits()) {
    const auto screen = core.visit(id);
    if (visit.windowStartUnixMs <= time_.unixMs && screen && screen->canCheckIn)
      due.push_back(id);
  }
  if (due.empty())
    return;
  line.current = due[draw_.below(due.size())];
  line.tapsLeft = static_cast<std::uint32_t>(draw_.between(2, 8));
}

recording::Intent World::drawIntent(std::size_t phone) {
  Line& line = lines_[phone];
  const VisitId visit = line.current;
  const auto screen = phones_[phone]->phone().visit(visit);
  if (!screen || screen->canCheckIn) {
    if (draw_.chance(50)) {
      line.tapsLeft = 1;
      return recording::ReportNoEntry{visit, visits::NoEntryReason::NoReply};
    }
    return recording::CheckIn{visit, std::nullopt};
  }
  if (line.tapsLeft <= 1)
    return recording::CheckOut{visit, std::nullopt};
  if (draw_.chance(60) && line.lastTapEvent != 0) {
    return recording::Amend{
        visit, {line.lastTapEvent, visits::AmendReason::WrongTap, visits::Withdrawn{}}};
  }
  if (draw_.chance(200))
    return recording::AddNote{visit, "Note " + std::to_string(draw_.below(1000))};
  return recording::RecordTask{visit,
                               {static_cast<std::uint32_t>(draw_.between(1, 5)),
                                visits::TaskOutcome::Done,
                                {},
                                visits::Independence::Prompted}};
}

void World::tap(std::size_t phone) {
  Line& line = lines_[phone];
  if (line.tapsLeft == 0)
    chooseVisit(phone);
  if (line.tapsLeft == 0)
    return;
  const recording::Intent intent = drawIntent(phone);
  const bool amends = std::holds_alternative<recording::Amend>(intent);
  if (!healing_ && draw_.chance(faults_.phonePowerCutPermille))
    phones_[phone]->disk().cutPowerAfter(draw_.below(6));
  if (!healing_ && draw_.chance(faults_.spoilPermille))
    phones_[phone]->signer().spoilNext();
  const bool full = !healing_ && draw_.chance(faults_.diskFullPermille);
  phones_[phone]->disk().setFull(full);
  const auto number = phones_[phone]->tap(intent);
  trace("tap", phone, number ? *number : 0);
  if (number) {
    line.lastTapEvent = amends ? 0 : *number;
    if (amends)
      sometimes_.met(Sometimes::EventAmended);
    const auto actions = phones_[phone]->phone().afterRecording(intent);
    if (!phones_[phone]->disk().isOff())
      carryOut(phone, actions);
  } else if (number.error().reason == "EVENT_NUMBER") {
    require("I3: " + number.error().text);
  } else if (full && !phones_[phone]->disk().isOff()) {
    fault(Sometimes::TapRefusedByFullDisk);
  }
  phones_[phone]->disk().setFull(false);
  line.tapsLeft -= 1;
  if (phones_[phone]->disk().isOff()) {
    fault(Sometimes::PhonePowerCutInTap);
    stopPhone(phone, true);
  }
}

void World::mischief(std::size_t phone) {
  if (draw_.chance(faults_.phoneKillPermille)) {
    fault(Sometimes::PhoneKilled);
    stopPhone(phone, false);
    return;
  }
  if (draw_.chance(faults_.wallStepPermille)) {
    const std::int64_t step = draw_.chance(100) ? draw_.between(-400, 400) * 24 * kHourMs
                                                : draw_.between(-3 * kHourMs, 3 * kHourMs);
    phones_[phone]->clock().stepWall(step);
    if (step < 0)
      fault(Sometimes::WallClockSteppedBack);
  }
  if (draw_.chance(faults_.phoneKillPermille)) {
    if (phones_[phone]->phone().journal().unsealedEvents() > 0 ||
        !phones_[phone]->phone().engine().isDrained())
      fault(Sometimes::RebootWithUnsent);
    phones_[phone]->kill();
    phones_[phone]->clock().reboot();
    lines_[phone].exchange = lines_[phone].watch = 0;
    startPhone(phone);
    if (!report_.broken.empty())
      return;
  }
  if (draw_.chance(faults_.reassignPermille))
    reassign();
  if (lines_[phone].up && draw_.chance(faults_.offlinePermille))
    leaveNetwork(phone);
}

void World::leaveNetwork(std::size_t phone) {
  Line& line = lines_[phone];
  line.up = false;
  line.watch = 0;
  const std::int64_t away = draw_.chance(150) ? draw_.between(12 * kHourMs, 30 * kHourMs)
                                              : draw_.between(kMinuteMs, 3 * kHourMs);
  if (away >= 12 * kHourMs)
    fault(Sometimes::OfflineForHalfADay);
  trace("offline", phone, static_cast<std::uint64_t>(away));
  // Half of the time the phone is told; a phone in a cellar is not.
  if (draw_.chance(500))
    carryOut(phone, phones_[phone]->phone().engine().networkChanged(false));
  at(away, [this, phone] {
    lines_[phone].up = true;
    if (phones_[phone]->isUp())
      carryOut(phone, phones_[phone]->phone().engine().networkChanged(true));
  });
}

// --- what the engine asks for ---

void World::carryOut(std::size_t phone, const sync::Actions& actions) {
  Line& line = lines_[phone];
  for (const sync::Action& action : actions) {
    std::visit(Overloaded{
                   [&](const sync::SendExchange& send) { carryOut(phone, send); },
                   [&](const sync::CancelExchange& cancel) {
                     if (line.exchange == cancel.exchange)
                       line.exchange = 0;
                   },
                   [&](const sync::StartWatch& start) {
                     if (line.up && server_.isUp()) {
                       line.watch = start.watch;
                     } else {
                       atLife(phone, delay(), [this, phone, watch = start.watch] {
                         carryOut(phone, phones_[phone]->phone().engine().watchEnded(
                                             watch, {ErrorCode::Unavailable, "NO_CONNECTION", ""}));
                       });
                     }
                   },
                   [&](const sync::StopWatch&) { line.watch = 0; },
                   [&](const sync::DropConnection&) {},
                   [&](const sync::WakeAt& wake) {
                     const std::uint64_t asked = ++line.wake;
                     atLife(phone, phones_[phone]->clock().trueMsUntil(wake.bootMs),
                            [this, phone, asked] {
                              if (lines_[phone].wake == asked)
                                carryOut(phone, phones_[phone]->phone().engine().wake());
                            });
                   },
                   [&](const sync::ScreensChanged&) {},
               },
               action);
  }
}

void World::carryOut(std::size_t phone, const sync::SendExchange& send) {
  Line& line = lines_[phone];
  line.exchange = send.exchange;
  SimulatedServer::Request request{phone, send.exchange, send.request.SerializeAsString(),
                                   &phones_[phone]->known()};
  atLife(phone, send.deadlineMs, [this, phone, exchange = send.exchange] {
    if (lines_[phone].exchange != exchange)
      return;
    lines_[phone].exchange = 0;
    carryOut(phone, phones_[phone]->phone().engine().exchangeFailed(
                        exchange, {ErrorCode::DeadlineExceeded, "DEADLINE", ""}));
  });
  trace("send", phone, request.bytes.size());
  if (!line.up)
    return;
  if (!healing_ && draw_.chance(faults_.dropPermille))
    return fault(Sometimes::MessageDropped);
  if (!healing_ && draw_.chance(faults_.truncatePermille)) {
    fault(Sometimes::MessageTruncated);
    request.bytes.resize(draw_.below(request.bytes.size() + 1));
  }
  const bool twice = !healing_ && draw_.chance(faults_.duplicatePermille);
  if (twice) {
    fault(Sometimes::MessageDuplicated);
    at(delay(), [this, request] { deliver(request); });
  }
  at(delay(), [this, request = std::move(request)]() mutable { deliver(std::move(request)); });
}

// --- answers ---

void World::reply(const SimulatedServer::Request& request, const Result<std::string>& bytes) {
  const std::size_t phone = request.phone;
  if (!lines_[phone].up || (!healing_ && draw_.chance(faults_.dropPermille))) {
    lines_[phone].lostAnswer = true;
    return fault(Sometimes::MessageDropped);
  }
  if (!bytes) {
    atLife(phone, delay(), [this, phone, exchange = request.exchange, error = bytes.error()] {
      failed(phone, exchange, error);
    });
    return;
  }
  std::string answer = *bytes;
  if (!healing_ && draw_.chance(faults_.truncatePermille)) {
    fault(Sometimes::MessageTruncated);
    answer.resize(draw_.below(answer.size() + 1));
  }
  const int copies = !healing_ && draw_.chance(faults_.duplicatePermille) ? 2 : 1;
  for (int copy = 0; copy < copies; ++copy) {
    atLife(phone, delay(),
           [this, phone, exchange = request.exchange, answer, era = checker_.era()] {
             answered(phone, exchange, answer, era);
           });
  }
}

void World::failed(std::size_t phone, std::uint64_t exchange, const Error& error) {
  SimulatedPhone& one = *phones_[phone];
  if (lines_[phone].exchange != exchange)
    return;
  lines_[phone].exchange = 0;
  const journal::Journal& journal = one.phone().journal();
  const bool unsent = journal.lastEvent() > 0 &&
                      journal.standing(journal.lastEvent()) == journal::EventStanding::OnThisPhone;
  const auto actions = one.phone().engine().exchangeFailed(exchange, error);
  if (error.reason == "DEVICE_REVOKED") {
    trace("refused", phone, journal.lastEvent());
    if (unsent)
      fault(Sometimes::DeviceRefusedWithUnsent);
    if (unsent && options_.planted == Planted::PhoneDeletesOnRefusal) {
      one.deleteUnsent();
      return startPhone(phone);
    }
    require(checker_.keepsUnsent(one));
  }
  if (report_.broken.empty())
    carryOut(phone, actions);
}

void World::answered(std::size_t phone, std::uint64_t exchange, const std::string& bytes,
                     std::uint64_t era) {
  SimulatedPhone& one = *phones_[phone];
  Line& line = lines_[phone];
  pb::ExchangeResponse response;
  if (!response.ParseFromString(bytes)) {  // gRPC would say so
    if (line.exchange == exchange) {
      line.exchange = 0;
      carryOut(phone, one.phone().engine().exchangeFailed(
                          exchange, {ErrorCode::Internal, "UNPARSEABLE", ""}));
    }
    return;
  }
  const bool outstanding = line.exchange == exchange;
  if (!outstanding)
    sometimes_.met(Sometimes::AnswerDroppedAsStale);
  line.exchange = outstanding ? 0 : line.exchange;
  if (!healing_ && draw_.chance(faults_.phonePowerCutPermille))
    one.disk().cutPowerAfter(draw_.below(8));
  checker_.phoneHolds(one);
  if (outstanding)
    noteAnswer(phone, response);
  const bool knew = one.phone().journal().syncState().logContradicted;
  const std::size_t scope = one.phone().roster().visits().size();
  const auto actions = one.phone().engine().exchangeAnswered(exchange, response);
  trace("answer", phone, one.phone().journal().firstWithoutReceipt());
  if (one.disk().isOff()) {
    fault(Sometimes::PhonePowerCutInAnswer);
    return stopPhone(phone, true);
  }
  if (!knew && one.phone().journal().syncState().logContradicted)
    sometimes_.met(Sometimes::ContradictionNoticed);
  if (one.phone().roster().visits().size() < scope && one.phone().journal().lastEvent() > 0)
    sometimes_.met(Sometimes::ScopeShrankWithRecords);
  // Taken in, and not answered by asking again for the whole log.
  const bool accepted =
      one.phone().journal().syncState().replyServerUnixMs == response.server_time_unix_ms();
  if (outstanding && accepted)
    require(checker_.phoneExchanged(one, era));
  if (report_.broken.empty())
    carryOut(phone, actions);
}

void World::noteAnswer(std::size_t phone, const pb::ExchangeResponse& response) {
  const journal::Journal& journal = phones_[phone]->phone().journal();
  for (const auto& verdict : response.verdicts()) {
    if (verdict.verdict() == pb::VERDICT_ALREADY_KNOWN && lines_[phone].lostAnswer)
      sometimes_.met(Sometimes::AnswerLostThenKnown);
  }
  bool passedOver = false;
  for (const auto& verdict : response.verdicts()) {
    if (verdict.verdict() == pb::VERDICT_QUARANTINED)
      passedOver = true;
    else if (passedOver)
      sometimes_.met(Sometimes::EntryAcceptedAfterPoison);
  }
  if (passedOver)
    fault(Sometimes::EntryPassedOver);
  lines_[phone].lostAnswer = false;
  if (response.log().older_inclusion_proofs_size() > 0)
    sometimes_.met(Sometimes::OlderEntryProved);
  if (response.held_n() + 1 < journal.firstWithoutReceipt())
    sometimes_.met(Sometimes::EntriesSentAgainAfterRestore);
}

}  // namespace doorstep::simulation
