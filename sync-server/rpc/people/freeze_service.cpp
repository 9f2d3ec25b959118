// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/people/freeze_service.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <string>

#include "doorstep/records/v1/freeze_service.grpc.pb.h"
#include "shared/core/bytes.h"
#include "sync-server/freezes/freeze_store.h"
#include "sync-server/records/figures/freeze_reading.h"
#include "sync-server/records/figures/month_figures.h"
#include "sync-server/records/keeping/record_keeper.h"
#include "sync-server/records/tuning.h"
#include "sync-server/rpc/people/page_tokens.h"
#include "sync-server/rpc/people/record_questions.h"

namespace doorstep::rpc {
namespace {

namespace pb = doorstep::records::v1;
using freezes::Freeze;
using identity::AccountCaller;
using identity::Role;
using Length = RecordQuestions::Length;

// How often judging is waited for, while phones go on sending, until a state is found in which
// nothing waits.
constexpr int kQuietStatesTried = 5;

std::uint32_t pageSize(std::uint32_t asked) {
  return asked == 0 ? records::kPageSizeDefault : std::min(asked, records::kPageSizeMax);
}

}  // namespace

class FreezeService::Impl final : public pb::FreezeService::CallbackService {
 public:
  explicit Impl(const Parts& parts)
      : parts_(parts),
        tokens_(parts.pageKey),
        questions_({parts.storage, parts.callers, parts.shortQuestions, parts.longQuestions,
                    parts.clock, parts.lookIds, parts.pseudonymKey}) {}

  grpc::ServerUnaryReactor* FreezeMonth(grpc::CallbackServerContext* call,
                                        const pb::FreezeMonthRequest* request,
                                        pb::FreezeMonthResponse* response) override {
    return questions_.answer({"FreezeService.FreezeMonth", parts_.refusals}, call, Length::Long,
                             [=, this](const AccountCaller& caller) {
                               return freeze(*call, caller, *request, *response);
                             });
  }
  grpc::ServerUnaryReactor* UnfreezeMonth(grpc::CallbackServerContext* call,
                                          const pb::UnfreezeMonthRequest* request,
                                          pb::UnfreezeMonthResponse* response) override {
    return questions_.answer({"FreezeService.UnfreezeMonth", parts_.refusals}, call, Length::Short,
                             [=, this](const AccountCaller& caller) {
                               return unfreeze(*call, caller, *request, *response);
                             });
  }
  grpc::ServerUnaryReactor* ListFreezes(grpc::CallbackServerContext* call,
                                        const pb::ListFreezesRequest* request,
                                        pb::ListFreezesResponse* response) override {
    return questions_.answer({"FreezeService.ListFreezes", parts_.refusals}, call, Length::Short,
                             [=, this](const AccountCaller& caller) {
                               return list(*call, caller, *request, *response);
                             });
  }
  grpc::ServerUnaryReactor* GetFreeze(grpc::CallbackServerContext* call,
                                      const pb::GetFreezeRequest* request,
                                      pb::GetFreezeResponse* response) override {
    return questions_.answer(
        {"FreezeService.GetFreeze", parts_.refusals}, call, Length::Long,
        [=, this](const AccountCaller& caller) { return get(*call, caller, *request, *response); });
  }

 private:
  // Refuses quickly what the writer would refuse after a long reading.
  Status checkFreezable(const grpc::CallbackServerContext& call, const AccountCaller& caller,
                        const pb::FreezeMonthRequest& request) {
    DOORSTEP_TRY(identity::requireRole(caller, {Role::Operator, Role::Council}));
    const auto lease = questions_.readFor(call, kShortQuestionMax);
    const ContractId contract(request.contract_id());
    DOORSTEP_TRY(records::visibleContract(questions_.reading(lease, caller), contract));
    DOORSTEP_TRY(records::daysOfMonth(request.month()));
    DOORSTEP_ASSIGN(const auto known, freezes::freezesOfMonth(lease, contract, request.month()));
    if (!known.empty() && !known.back().unfrozen)
      return Error{ErrorCode::FailedPrecondition, "ALREADY_FROZEN", "the month is frozen"};
    return kDone;
  }

  Status freeze(const grpc::CallbackServerContext& call, const AccountCaller& caller,
                const pb::FreezeMonthRequest& request, pb::FreezeMonthResponse& response) {
    DOORSTEP_TRY(checkFreezable(call, caller, request));
    DOORSTEP_ASSIGN(auto month, readQuiet(call, caller, request, response));
    if (!month.silent.empty() && !request.confirm_silent())
      return kDone;
    DOORSTEP_ASSIGN(
        const auto made,
        parts_.office.writeWithAnswer<Freeze>(
            {caller.account, {}}, [&](sql::Database& database, event_log::OfficeAct& act) {
              return freezes::freezeMonth(database, month.figures, request.note(), act);
            }));
    const auto lease = questions_.readFor(call, kShortQuestionMax);
    DOORSTEP_ASSIGN(*response.mutable_freeze(),
                    records::freezeMessage(questions_.reading(lease, caller), made));
    return kDone;
  }

  // The month in a state of the database in which nothing waits to be judged, so that figures,
  // file and checkpoints say the same.
  Result<records::MonthReading> readQuiet(const grpc::CallbackServerContext& call,
                                          const AccountCaller& caller,
                                          const pb::FreezeMonthRequest& request,
                                          pb::FreezeMonthResponse& response) {
    for (int tried = 0; tried < kQuietStatesTried; ++tried) {
      DOORSTEP_TRY(questions_.settle(call));
      const auto lease = questions_.readFor(call);
      sql::Database& database = lease;
      DOORSTEP_ASSIGN(const auto snapshot,
                      sql::Transaction::begin(database, sql::TransactionKind::Snapshot));
      const records::Reading reading = questions_.reading(database, caller);
      DOORSTEP_ASSIGN(const bool behind, records::isBehind(database, reading.nowUnixMs));
      if (behind)
        continue;
      const ContractId contract(request.contract_id());
      DOORSTEP_ASSIGN(auto month, records::readMonth(reading, contract, request.month()));
      response = records::silentMessage(reading, month);
      if (!month.silent.empty() && !request.confirm_silent())
        return month;
      DOORSTEP_ASSIGN(const auto days, records::daysOfMonth(request.month()));
      DOORSTEP_ASSIGN(month.figures.visitsSha256, records::monthFileHash(reading, contract, days));
      return month;
    }
    return Error{ErrorCode::Unavailable, "RECORDS_BEHIND",
                 "visits wait to be judged again and again: ask again in a minute"};
  }

  Status unfreeze(const grpc::CallbackServerContext& call, const AccountCaller& caller,
                  const pb::UnfreezeMonthRequest& request, pb::UnfreezeMonthResponse& response) {
    DOORSTEP_TRY(identity::requireRole(caller, {Role::Operator, Role::Council}));
    const ContractId contract(request.contract_id());
    {
      const auto lease = questions_.readFor(call, kShortQuestionMax);
      DOORSTEP_TRY(records::visibleContract(questions_.reading(lease, caller), contract));
    }
    DOORSTEP_ASSIGN(
        const auto made,
        parts_.office.writeWithAnswer<Freeze>(
            {caller.account, {}}, [&](sql::Database& database, event_log::OfficeAct& act) {
              return freezes::unfreezeMonth(database, contract, request.month(), request.freeze(),
                                            request.note(), act);
            }));
    const auto lease = questions_.readFor(call, kShortQuestionMax);
    DOORSTEP_ASSIGN(*response.mutable_freeze(),
                    records::freezeMessage(questions_.reading(lease, caller), made));
    return kDone;
  }

  Status list(const grpc::CallbackServerContext& call, const AccountCaller& caller,
              const pb::ListFreezesRequest& request, pb::ListFreezesResponse& response) {
    const std::string name =
        "freezes\n" + bigEndian64(caller.account.value) + bigEndian64(request.contract_id());
    DOORSTEP_ASSIGN(const std::uint64_t from, tokens_.readId(name, request.page_token()));
    const auto lease = questions_.readFor(call, kShortQuestionMax);
    DOORSTEP_ASSIGN(auto page, records::listFreezes(questions_.reading(lease, caller),
                                                    ContractId(request.contract_id()), from,
                                                    pageSize(request.page_size())));
    response = std::move(page.response);
    if (page.next != 0)
      response.set_next_page_token(tokens_.writeId(name, page.next));
    return kDone;
  }

  Status get(const grpc::CallbackServerContext& call, const AccountCaller& caller,
             const pb::GetFreezeRequest& request, pb::GetFreezeResponse& response) {
    DOORSTEP_TRY(questions_.settle(call));
    const auto lease = questions_.readFor(call);
    DOORSTEP_ASSIGN(response, records::readFreeze(questions_.reading(lease, caller),
                                                  ContractId(request.contract_id()),
                                                  request.month(), request.freeze()));
    return kDone;
  }

  const Parts parts_;
  const PageTokens tokens_;
  RecordQuestions questions_;
};

FreezeService::FreezeService(const Parts& parts) : impl_(std::make_unique<Impl>(parts)) {}
FreezeService::~FreezeService() = default;
grpc::Service& FreezeService::service() { return *impl_; }

}  // namespace doorstep::rpc
