// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/figures/reply_reading.h"

#include <algorithm>
#include <map>

#include "shared/visits/measures/civil_time.h"
#include "sync-server/identity/accounts.h"
#include "sync-server/records/figures/freeze_reading.h"
#include "sync-server/records/figures/measure_reading.h"
#include "sync-server/roster/roster_store.h"

namespace doorstep::records {
namespace {

// Names that replies are shown with, read once for a page.
struct Names {
  std::map<ProviderId, std::string> providers;
  std::map<AccountId, std::string> accounts;

  static Result<Names> read(sql::Database& database) {
    Names names;
    DOORSTEP_ASSIGN(const auto providers, roster::providers(database));
    for (const roster::Provider& provider : providers)
      names.providers.emplace(provider.id, provider.name);
    DOORSTEP_ASSIGN(names.accounts, identity::accountNames(database));
    return names;
  }
};

template <typename Key>
std::string nameIn(const std::map<Key, std::string>& names, Key key) {
  const auto name = names.find(key);
  return name == names.end() ? std::string() : name->second;
}

void tellFigure(const replies::SeenFigure& figure, v1::FigureReply& told) {
  v1::MeasureFilter& filter = *told.mutable_filter();
  filter.set_contract_id(figure.contract.value);
  filter.set_provider_id(figure.provider.value);
  filter.set_first_day(measures::dayText(figure.firstDay));
  filter.set_last_day(measures::dayText(figure.lastDay));
  for (const visits::FigureChoice& choice : figure.where) {
    v1::DimensionValue& where = *filter.add_where();
    where.set_dimension(choice.dimension);
    where.set_value(choice.value);
  }
  told.mutable_figure()->set_id(figure.measure);
  told.mutable_figure()->set_numerator(figure.numerator);
  told.mutable_figure()->set_denominator(figure.denominator);
  told.set_as_of_unix_ms(figure.asOfUnixMs);
}

// A visit that nobody planned has its id alone.
Status tellVisit(sql::Database& database, ProviderId provider, VisitId visit,
                 v1::ReplyVisit& told) {
  told.set_visit_id(visit.value);
  const auto planned = roster::visit(database, provider, visit);
  if (!planned.ok())
    return planned.error().code == ErrorCode::NotFound ? kDone : Status(planned.error());
  told.set_visit_ref(planned->ref);
  told.set_window_start_unix_ms(planned->windowStartUnixMs);
  told.set_window_end_unix_ms(planned->windowEndUnixMs);
  return kDone;
}

Result<v1::FigureReply> toProto(sql::Database& database, const Names& names,
                                const replies::Reply& reply) {
  const replies::SeenFigure& figure = reply.figure;
  v1::FigureReply told;
  told.set_contract_id(figure.contract.value);
  told.set_provider_id(figure.provider.value);
  told.set_provider_name(nameIn(names.providers, figure.provider));
  told.set_reply(reply.number);
  tellFigure(figure, told);
  told.set_text(reply.text);
  for (const VisitId visit : reply.visits)
    DOORSTEP_TRY(tellVisit(database, figure.provider, visit, *told.add_visits()));
  told.set_withdraws(reply.withdraws);
  told.set_withdrawn_by(reply.withdrawnBy);
  told.set_made_unix_ms(reply.madeUnixMs);
  told.set_account_id(reply.account.value);
  told.set_account_name(nameIn(names.accounts, reply.account));
  return told;
}

Result<std::int64_t> dayOf(const std::string& text) {
  const auto day = measures::parseDay(text);
  if (!day)
    return Error{ErrorCode::InvalidArgument, "DAY_FORMAT", "a day is written 2026-11-23"};
  return *day;
}

Result<replies::ReplyFilter> filterFor(const Reading& reading,
                                       const v1::ListRepliesRequest& request) {
  replies::ReplyFilter filter{
      .contract = ContractId(request.contract_id()), .provider = {}, .measure = request.measure()};
  if (request.provider_id() != 0)
    filter.provider = ProviderId(request.provider_id());
  if (reading.caller.role == identity::Role::Supervisor) {
    if (filter.provider && *filter.provider != reading.caller.provider)
      return Error{ErrorCode::NotFound, "PROVIDER_UNKNOWN", "not the caller's provider"};
    filter.provider = reading.caller.provider;
  }
  if (request.first_day().empty() && request.last_day().empty())
    return filter;
  DOORSTEP_ASSIGN(filter.firstDay, dayOf(request.first_day()));
  DOORSTEP_ASSIGN(filter.lastDay, dayOf(request.last_day()));
  if (filter.firstDay > filter.lastDay)
    return Error{ErrorCode::InvalidArgument, "DAYS_REVERSED", "first_day is after last_day"};
  return filter;
}

}  // namespace

Result<replies::SeenFigure> readSeenFigure(const Reading& reading, const v1::MeasureFilter& asked,
                                           const std::string& measure,
                                           const std::vector<VisitId>& attached) {
  v1::MeasureFilter filter = asked;
  if (filter.provider_id() == 0)
    filter.set_provider_id(reading.caller.provider.value);
  DOORSTEP_ASSIGN(const auto measured, MeasureReading::open(reading, filter, {}));
  const std::set<VisitId> ofDays = measured->visitsOfDays();
  for (const VisitId visit : attached)
    if (!ofDays.contains(visit))
      return Error{ErrorCode::NotFound, "VISIT_NOT_OF_FIGURE",
                   "an attached visit is not one of the provider, the contract and the days"};
  DOORSTEP_ASSIGN(const auto figures, measured->figures({measure}));
  const v1::MeasureFigure* found = nullptr;
  for (const v1::MeasureGroup& group : figures.groups())
    for (const v1::MeasureFigure& figure : group.figures())
      if (figure.id() == measure && !figure.is_too_large())
        found = &figure;
  if (found == nullptr)
    return Error{ErrorCode::FailedPrecondition, "FIGURE_MISSING",
                 "the measure has no figure for these visits"};
  replies::SeenFigure seen{.contract = measured->contract().id,
                           .contractRef = measured->contract().ref,
                           .provider = ProviderId(filter.provider_id()),
                           .measure = measure,
                           .numerator = found->numerator(),
                           .denominator = found->denominator(),
                           .asOfUnixMs = figures.as_of_unix_ms()};
  DOORSTEP_ASSIGN(seen.firstDay, dayOf(filter.first_day()));
  DOORSTEP_ASSIGN(seen.lastDay, dayOf(filter.last_day()));
  for (const v1::DimensionValue& where : filter.where())
    seen.where.push_back({where.dimension(), where.value()});
  return seen;
}

Result<ReplyPage> listReplies(const Reading& reading, const v1::ListRepliesRequest& request,
                              std::uint64_t from, std::uint32_t size) {
  DOORSTEP_ASSIGN(const auto filter, filterFor(reading, request));
  DOORSTEP_TRY(visibleContract(reading, filter.contract));
  DOORSTEP_ASSIGN(auto found, replies::repliesOf(reading.database, filter, from, size + 1));
  DOORSTEP_ASSIGN(const Names names, Names::read(reading.database));
  ReplyPage page;
  if (found.size() > size) {
    found.resize(size);
    page.next = from + size;
  }
  for (const replies::Reply& reply : found) {
    DOORSTEP_TRY(reading.database.goOn());
    DOORSTEP_ASSIGN(*page.response.add_replies(), toProto(reading.database, names, reply));
  }
  return page;
}

Result<v1::FigureReply> replyMessage(const Reading& reading, const replies::Reply& reply) {
  DOORSTEP_ASSIGN(const Names names, Names::read(reading.database));
  return toProto(reading.database, names, reply);
}

}  // namespace doorstep::records
