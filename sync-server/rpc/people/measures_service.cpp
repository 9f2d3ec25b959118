// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/people/measures_service.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <string>

#include "doorstep/records/v1/measures_service.grpc.pb.h"
#include "shared/core/bytes.h"
#include "sync-server/records/figures/measure_reading.h"
#include "sync-server/records/tuning.h"
#include "sync-server/rpc/people/page_tokens.h"
#include "sync-server/rpc/people/record_questions.h"

namespace doorstep::rpc {
namespace {

namespace pb = doorstep::records::v1;
using identity::AccountCaller;
using Length = RecordQuestions::Length;
using records::MeasureReading;

std::uint32_t pageSize(std::uint32_t asked) {
  return asked == 0 ? records::kMeasureVisitsPageDefault
                    : std::min(asked, records::kMeasureVisitsPageMax);
}

// The list that a page token belongs to: caller and question.
std::string listName(const AccountCaller& caller, const pb::ListMeasureVisitsRequest& request) {
  return "measure-visits\n" + bigEndian64(caller.account.value) + bigEndian64(request.part()) +
         request.measure() + "\n" + request.filter().SerializeAsString();
}

std::vector<std::string> textsOf(const google::protobuf::RepeatedPtrField<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

}  // namespace

class MeasuresService::Impl final : public pb::MeasuresService::CallbackService {
 public:
  explicit Impl(const Parts& parts)
      : parts_(parts),
        tokens_(parts.pageKey),
        questions_({parts.storage, parts.callers, parts.shortQuestions, parts.longQuestions,
                    parts.clock, parts.lookIds, parts.pseudonymKey}) {}

  grpc::ServerUnaryReactor* ListMeasures(grpc::CallbackServerContext* call,
                                         const pb::ListMeasuresRequest*,
                                         pb::ListMeasuresResponse* response) override {
    return questions_.answer({"MeasuresService.ListMeasures", parts_.refusals}, call, Length::Short,
                             [=](const AccountCaller&) -> Status {
                               *response = records::listMeasures();
                               return kDone;
                             });
  }
  grpc::ServerUnaryReactor* GetMeasures(grpc::CallbackServerContext* call,
                                        const pb::GetMeasuresRequest* request,
                                        pb::GetMeasuresResponse* response) override {
    return questions_.answer({"MeasuresService.GetMeasures", parts_.refusals}, call, Length::Long,
                             [=, this](const AccountCaller& caller) {
                               return getMeasures(*call, caller, *request, *response);
                             });
  }
  grpc::ServerUnaryReactor* GetSpread(grpc::CallbackServerContext* call,
                                      const pb::GetSpreadRequest* request,
                                      pb::GetSpreadResponse* response) override {
    return questions_.answer({"MeasuresService.GetSpread", parts_.refusals}, call, Length::Long,
                             [=, this](const AccountCaller& caller) {
                               return getSpread(*call, caller, *request, *response);
                             });
  }
  grpc::ServerUnaryReactor* ListMeasureVisits(grpc::CallbackServerContext* call,
                                              const pb::ListMeasureVisitsRequest* request,
                                              pb::ListMeasureVisitsResponse* response) override {
    return questions_.answer({"MeasuresService.ListMeasureVisits", parts_.refusals}, call,
                             Length::Long, [=, this](const AccountCaller& caller) {
                               return listVisits(*call, caller, *request, *response);
                             });
  }

 private:
  Status getMeasures(const grpc::CallbackServerContext& call, const AccountCaller& caller,
                     const pb::GetMeasuresRequest& request, pb::GetMeasuresResponse& response) {
    DOORSTEP_TRY(questions_.settle(call));
    const auto lease = questions_.readFor(call);
    DOORSTEP_ASSIGN(const auto reading,
                    MeasureReading::open(questions_.reading(lease, caller), request.filter(),
                                         textsOf(request.by())));
    DOORSTEP_ASSIGN(response, reading->figures(textsOf(request.measures())));
    return kDone;
  }

  Status getSpread(const grpc::CallbackServerContext& call, const AccountCaller& caller,
                   const pb::GetSpreadRequest& request, pb::GetSpreadResponse& response) {
    DOORSTEP_TRY(questions_.settle(call));
    const auto lease = questions_.readFor(call);
    DOORSTEP_ASSIGN(const auto reading,
                    MeasureReading::open(questions_.reading(lease, caller), request.filter(), {}));
    DOORSTEP_ASSIGN(response, reading->spread(request.spread()));
    return kDone;
  }

  Status listVisits(const grpc::CallbackServerContext& call, const AccountCaller& caller,
                    const pb::ListMeasureVisitsRequest& request,
                    pb::ListMeasureVisitsResponse& response) {
    const std::string list = listName(caller, request);
    std::optional<records::RecordPlace> after;
    if (!request.page_token().empty()) {
      DOORSTEP_ASSIGN(const auto place,
                      tokens_.read(list, request.page_token(), admin::v1::PagePlace::kRecord));
      after = fromPage(place);
    }
    DOORSTEP_TRY(questions_.settle(call));
    DOORSTEP_ASSIGN(auto page, readVisits(call, caller, request, after));
    DOORSTEP_TRY(questions_.record(page.looks));
    response = std::move(page.response);
    if (page.next)
      response.set_next_page_token(tokens_.write(list, toPage(*page.next)));
    return kDone;
  }

  // Returns the connection before looks are recorded.
  Result<records::MeasureVisitPage> readVisits(const grpc::CallbackServerContext& call,
                                               const AccountCaller& caller,
                                               const pb::ListMeasureVisitsRequest& request,
                                               const std::optional<records::RecordPlace>& after) {
    const auto lease = questions_.readFor(call);
    DOORSTEP_ASSIGN(const auto reading,
                    MeasureReading::open(questions_.reading(lease, caller), request.filter(), {}));
    return reading->visits(request.measure(), request.part(), after, pageSize(request.page_size()));
  }

  const Parts parts_;
  const PageTokens tokens_;
  RecordQuestions questions_;
};

MeasuresService::MeasuresService(const Parts& parts) : impl_(std::make_unique<Impl>(parts)) {}
MeasuresService::~MeasuresService() = default;
grpc::Service& MeasuresService::service() { return *impl_; }

}  // namespace doorstep::rpc
