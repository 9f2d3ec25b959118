// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/people/adjustment_service.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <optional>
#include <string>

#include "doorstep/records/v1/adjustment_service.grpc.pb.h"
#include "shared/core/bytes.h"
#include "sync-server/adjustments/adjustment_writer.h"
#include "sync-server/records/listing/adjustment_list.h"
#include "sync-server/records/tuning.h"
#include "sync-server/rpc/people/page_tokens.h"
#include "sync-server/rpc/people/record_questions.h"

namespace doorstep::rpc {
namespace {

namespace pb = doorstep::records::v1;
using adjustments::Adjustment;
using adjustments::AdjustmentPlace;
using identity::AccountCaller;
using Length = RecordQuestions::Length;

std::uint32_t pageSize(std::uint32_t asked) {
  return asked == 0 ? records::kPageSizeDefault : std::min(asked, records::kPageSizeMax);
}

admin::v1::PagePlace toPage(const AdjustmentPlace& place) {
  admin::v1::PagePlace page;
  auto& told = *page.mutable_adjustment();
  told.set_made_unix_ms(place.madeUnixMs);
  told.set_provider_id(place.provider.value);
  told.set_visit_id(place.visit.value);
  told.set_slot(place.slot);
  told.set_revision(place.revision);
  return page;
}

AdjustmentPlace fromPage(const admin::v1::AdjustmentPlace& place) {
  return {place.made_unix_ms(), ProviderId(place.provider_id()), VisitId(place.visit_id()),
          place.slot(), place.revision()};
}

const char* roleName(const AccountCaller& caller) {
  return caller.role == identity::Role::Operator ? "operator" : "supervisor";
}

std::optional<std::int64_t> startOf(const pb::AdjustTimesRequest& request) {
  return request.has_start_unix_ms() ? std::optional(request.start_unix_ms()) : std::nullopt;
}
std::optional<std::int64_t> endOf(const pb::AdjustTimesRequest& request) {
  return request.has_end_unix_ms() ? std::optional(request.end_unix_ms()) : std::nullopt;
}

}  // namespace

class AdjustmentService::Impl final : public pb::AdjustmentService::CallbackService {
 public:
  explicit Impl(const Parts& parts)
      : parts_(parts),
        tokens_(parts.pageKey),
        questions_({parts.storage, parts.callers, parts.shortQuestions, parts.longQuestions,
                    parts.clock, parts.lookIds, parts.pseudonymKey}) {}

  grpc::ServerUnaryReactor* AdjustTimes(grpc::CallbackServerContext* call,
                                        const pb::AdjustTimesRequest* request,
                                        pb::AdjustTimesResponse* response) override {
    return questions_.answer({"AdjustmentService.AdjustTimes", parts_.refusals}, call,
                             Length::Short, [=, this](const AccountCaller& caller) {
                               return adjustTimes(*call, caller, *request, *response);
                             });
  }
  grpc::ServerUnaryReactor* ExplainSlot(grpc::CallbackServerContext* call,
                                        const pb::ExplainSlotRequest* request,
                                        pb::ExplainSlotResponse* response) override {
    return questions_.answer({"AdjustmentService.ExplainSlot", parts_.refusals}, call,
                             Length::Short, [=, this](const AccountCaller& caller) {
                               return explainSlot(caller, *request, *response);
                             });
  }
  grpc::ServerUnaryReactor* WithdrawAdjustment(grpc::CallbackServerContext* call,
                                               const pb::WithdrawAdjustmentRequest* request,
                                               pb::WithdrawAdjustmentResponse* response) override {
    return questions_.answer(
        {"AdjustmentService.WithdrawAdjustment", parts_.refusals}, call, Length::Short,
        [=, this](const AccountCaller& caller) { return withdraw(caller, *request, *response); });
  }
  grpc::ServerUnaryReactor* ListAdjustments(grpc::CallbackServerContext* call,
                                            const pb::ListAdjustmentsRequest* request,
                                            pb::ListAdjustmentsResponse* response) override {
    return questions_.answer({"AdjustmentService.ListAdjustments", parts_.refusals}, call,
                             Length::Long, [=, this](const AccountCaller& caller) {
                               return list(*call, caller, *request, *response);
                             });
  }
  grpc::ServerUnaryReactor* GetAdjustmentTotals(
      grpc::CallbackServerContext* call, const pb::GetAdjustmentTotalsRequest* request,
      pb::GetAdjustmentTotalsResponse* response) override {
    return questions_.answer({"AdjustmentService.GetAdjustmentTotals", parts_.refusals}, call,
                             Length::Long, [=, this](const AccountCaller& caller) {
                               return totals(*call, caller, *request, *response);
                             });
  }

 private:
  static Result<adjustments::SlotPlace> placeOf(const AccountCaller& caller,
                                                const pb::AdjustedSlot& slot) {
    DOORSTEP_ASSIGN(const ProviderId provider,
                    identity::providerFor(caller, ProviderId(slot.provider_id())));
    return adjustments::SlotPlace{provider, VisitId(slot.visit_id()), slot.slot(),
                                  slot.seen_revision()};
  }

  template <typename Job>
  Result<Adjustment> decide(const AccountCaller& caller, Job job) {
    return parts_.office.writeWithAnswer<Adjustment>({caller.account, {}}, job);
  }

  Status adjustTimes(const grpc::CallbackServerContext& call, const AccountCaller& caller,
                     const pb::AdjustTimesRequest& request, pb::AdjustTimesResponse& response) {
    DOORSTEP_ASSIGN(const auto place, placeOf(caller, request.slot()));
    // What the phone recorded a moment ago counts too.
    DOORSTEP_TRY(questions_.settle(call));
    const adjustments::TimesOrder order{.place = place,
                                        .startUnixMs = startOf(request),
                                        .endUnixMs = endOf(request),
                                        .reason = request.reason(),
                                        .action = request.action(),
                                        .note = request.note(),
                                        .byRole = roleName(caller)};
    DOORSTEP_ASSIGN(
        const auto row,
        decide(caller,
               [&](sql::Database& database, event_log::OfficeAct& act) -> Result<Adjustment> {
                 DOORSTEP_ASSIGN(const auto ruled, records::ruledTimes(database, place.provider,
                                                                       place.visit, place.slot));
                 return adjustments::approveTimes(database, order, ruled, act);
               }));
    response.set_revision(row.revision);
    return kDone;
  }

  Status explainSlot(const AccountCaller& caller, const pb::ExplainSlotRequest& request,
                     pb::ExplainSlotResponse& response) {
    DOORSTEP_ASSIGN(const auto place, placeOf(caller, request.slot()));
    const adjustments::ExplainOrder order{place, request.reason(), request.responsibility(),
                                          request.note(), roleName(caller)};
    DOORSTEP_ASSIGN(const auto row,
                    decide(caller, [&](sql::Database& database, event_log::OfficeAct& act) {
                      return adjustments::explainSlot(database, order, act);
                    }));
    response.set_revision(row.revision);
    return kDone;
  }

  Status withdraw(const AccountCaller& caller, const pb::WithdrawAdjustmentRequest& request,
                  pb::WithdrawAdjustmentResponse& response) {
    DOORSTEP_ASSIGN(const auto place, placeOf(caller, request.slot()));
    DOORSTEP_ASSIGN(
        const auto row, decide(caller, [&](sql::Database& database, event_log::OfficeAct& act) {
          return adjustments::withdrawTimes(database, place, request.note(), roleName(caller), act);
        }));
    response.set_revision(row.revision);
    return kDone;
  }

  Status list(const grpc::CallbackServerContext& call, const AccountCaller& caller,
              const pb::ListAdjustmentsRequest& request, pb::ListAdjustmentsResponse& response) {
    DOORSTEP_ASSIGN(const auto filter, records::readFilter(request.filter()));
    const std::string name =
        "adjustments\n" + bigEndian64(caller.account.value) + request.filter().SerializeAsString();
    std::optional<AdjustmentPlace> below;
    if (!request.page_token().empty()) {
      DOORSTEP_ASSIGN(const auto place,
                      tokens_.read(name, request.page_token(), admin::v1::PagePlace::kAdjustment));
      below = fromPage(place.adjustment());
    }
    DOORSTEP_TRY(questions_.settle(call));
    DOORSTEP_ASSIGN(auto page,
                    readPage(call, caller, filter, below, pageSize(request.page_size())));
    DOORSTEP_TRY(questions_.record(page.looks));
    response = std::move(page.response);
    if (page.next)
      response.set_next_page_token(tokens_.write(name, toPage(*page.next)));
    return kDone;
  }

  // Returns the connection before looks are recorded.
  Result<records::AdjustmentPage> readPage(const grpc::CallbackServerContext& call,
                                           const AccountCaller& caller,
                                           const records::AdjustmentFilter& filter,
                                           const std::optional<AdjustmentPlace>& below,
                                           std::uint32_t size) {
    const auto lease = questions_.readFor(call);
    return records::listAdjustments(questions_.reading(lease, caller), filter, below, size);
  }

  Status totals(const grpc::CallbackServerContext& call, const AccountCaller& caller,
                const pb::GetAdjustmentTotalsRequest& request,
                pb::GetAdjustmentTotalsResponse& response) {
    DOORSTEP_ASSIGN(const auto filter, records::readFilter(request.filter()));
    DOORSTEP_TRY(questions_.settle(call));
    const auto lease = questions_.readFor(call);
    DOORSTEP_ASSIGN(response, records::adjustmentTotals(questions_.reading(lease, caller), filter));
    return kDone;
  }

  const Parts parts_;
  const PageTokens tokens_;
  RecordQuestions questions_;
};

AdjustmentService::AdjustmentService(const Parts& parts) : impl_(std::make_unique<Impl>(parts)) {}
AdjustmentService::~AdjustmentService() = default;
grpc::Service& AdjustmentService::service() { return *impl_; }

}  // namespace doorstep::rpc
