// SPDX-License-Identifier: Apache-2.0
// What phones and server say to each other, and the network between.
#include <algorithm>

#include "tests/simulation/overloaded.h"
#include "tests/simulation/world.h"

namespace doorstep::simulation {
namespace {

namespace pb = doorstep::sync::v1;

}  // namespace

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
                   [&](const sync::UseCertificate&) {},  // no TLS here
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
  auto message = send.request;
  if (message.held_visits_size() > 0)
    sometimes_.met(Sometimes::VisitTold);
  if (faults_.laterFactPermille > 0)
    support::addLaterField(message);
  if (options_.planted == Planted::PhoneTellsNoPlan)
    message.clear_held_visits();
  SimulatedServer::Request request{phone, send.exchange, message.SerializeAsString(),
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
  if (later_ && request.device == &later_->known())
    return bytes ? laterAnswered(*bytes) : void();
  if (request.isStolen || request.device != &phones_[phone]->known())
    return;  // nobody waits for it here
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
  if (one.disk().isOff())
    return stopPhone(phone, true);
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
  if (outstanding && faults_.laterServer)
    hearLaterServer(phone, response);
  const bool knew = one.phone().journal().syncState().logContradicted;
  const std::size_t scope = one.phone().roster().visits().size();
  const std::uint64_t planVersion = one.phone().roster().planVersion();
  const std::uint64_t unreceived = one.phone().journal().firstWithoutReceipt();
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
  if (outstanding && faults_.laterServer && response.has_plan() && !response.plan().has_more() &&
      line.later.agreed() && one.phone().roster().planVersion() == response.plan().plan_version() &&
      one.phone().roster().cursor() == 0)
    require("I16: a phone fetches the whole plan again because of a later release");
  // Taken in, and not answered by asking again for the whole log.
  const bool accepted =
      one.phone().journal().syncState().replyServerUnixMs == response.server_time_unix_ms();
  const bool changed = planVersion != one.phone().roster().planVersion() ||
                       scope != one.phone().roster().visits().size() ||
                       unreceived != one.phone().journal().firstWithoutReceipt();
  if (outstanding && accepted)
    require(checker_.phoneExchanged(one, era, changed));
  if (changed)
    lookAtRound(phone);
  if (report_.broken.empty())
    carryOut(phone, actions);
}

// The answer as a server of a later release would have given it. While the world heals it says
// nothing that a phone has to wait an hour for.
void World::hearLaterServer(std::size_t phone, pb::ExchangeResponse& response) {
  support::LaterServer& later = lines_[phone].later;
  const std::uint64_t verdicts = later.verdicts();
  later.change(response, !healing_ && draw_.chance(200));
  if (later.verdicts() != verdicts)
    sometimes_.met(Sometimes::LaterVerdict);
  if (later.objects() > 0)
    sometimes_.met(Sometimes::LaterObjectHeld);
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
