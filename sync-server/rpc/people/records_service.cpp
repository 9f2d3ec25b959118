// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/people/records_service.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "doorstep/records/v1/records_service.grpc.pb.h"
#include "shared/core/bytes.h"
#include "shared/core/time_range.h"
#include "sync-server/records/records_reader.h"
#include "sync-server/records/tuning.h"
#include "sync-server/rpc/errors.h"
#include "sync-server/rpc/limits.h"
#include "sync-server/rpc/people/page_tokens.h"
#include "sync-server/rpc/people/piece_stream.h"
#include "sync-server/rpc/people/record_export.h"
#include "sync-server/rpc/people/record_questions.h"

namespace doorstep::rpc {
namespace {

namespace pb = doorstep::records::v1;
using identity::AccountCaller;
using records::RecordPlace;

std::uint32_t pageSize(std::uint32_t asked) {
  return asked == 0 ? records::kPageSizeDefault : std::min(asked, records::kPageSizeMax);
}

// The list that a page token belongs to: the caller and the whole request except page size and
// token.
std::string listName(const AccountCaller& caller, const char* list,
                     const pb::RecordFilter& filter) {
  return list + bigEndian64(caller.account.value) + filter.SerializeAsString();
}

using ExportStream = PieceStream<pb::ExportCsvResponse>;

}  // namespace

class RecordsService::Impl final : public pb::RecordsService::CallbackService {
 public:
  explicit Impl(const Parts& parts)
      : parts_(parts),
        tokens_(parts.pageKey),
        questions_({parts.storage, parts.callers, parts.shortQuestions, parts.longQuestions,
                    parts.clock, parts.lookIds, parts.pseudonymKey}) {}

  grpc::ServerUnaryReactor* ListContracts(grpc::CallbackServerContext* call,
                                          const pb::ListContractsRequest* request,
                                          pb::ListContractsResponse* response) override {
    return questions_.answer({"RecordsService.ListContracts", parts_.refusals}, call, Length::Short,
                             [=, this](const AccountCaller& caller) {
                               return listContracts(*call, caller, *request, *response);
                             });
  }
  grpc::ServerUnaryReactor* ListVisitRecords(grpc::CallbackServerContext* call,
                                             const pb::ListVisitRecordsRequest* request,
                                             pb::ListVisitRecordsResponse* response) override {
    return questions_.answer({"RecordsService.ListVisitRecords", parts_.refusals}, call,
                             lengthOf(request->filter()), [=, this](const AccountCaller& caller) {
                               return listRecords(*call, caller, *request, *response);
                             });
  }
  grpc::ServerUnaryReactor* GetTotals(grpc::CallbackServerContext* call,
                                      const pb::GetTotalsRequest* request,
                                      pb::GetTotalsResponse* response) override {
    return questions_.answer({"RecordsService.GetTotals", parts_.refusals}, call,
                             lengthOf(request->filter()), [=, this](const AccountCaller& caller) {
                               return getTotals(*call, caller, *request, *response);
                             });
  }
  grpc::ServerUnaryReactor* ExportRules(grpc::CallbackServerContext* call,
                                        const pb::ExportRulesRequest*,
                                        pb::ExportRulesResponse* response) override {
    return questions_.answer({"RecordsService.ExportRules", parts_.refusals}, call, Length::Short,
                             [=, this](const AccountCaller& caller) -> Status {
                               const auto lease = questions_.readFor(*call, kShortQuestionMax);
                               DOORSTEP_ASSIGN(
                                   *response->mutable_rules_json(),
                                   records::exportRules(questions_.reading(lease, caller)));
                               return kDone;
                             });
  }
  grpc::ServerUnaryReactor* GetVisitProofs(grpc::CallbackServerContext* call,
                                           const pb::GetVisitProofsRequest* request,
                                           pb::GetVisitProofsResponse* response) override {
    return questions_.answer({"RecordsService.GetVisitProofs", parts_.refusals}, call,
                             Length::Short, [=, this](const AccountCaller& caller) {
                               return getProofs(*call, caller, *request, *response);
                             });
  }
  // Reads all visits of a plan version: it may wait behind other long questions.
  grpc::ServerUnaryReactor* GetPlanProofs(grpc::CallbackServerContext* call,
                                          const pb::GetPlanProofsRequest* request,
                                          pb::GetPlanProofsResponse* response) override {
    return questions_.answer({"RecordsService.GetPlanProofs", parts_.refusals}, call, Length::Long,
                             [=, this](const AccountCaller& caller) {
                               return getPlanProofs(*call, caller, *request, *response);
                             });
  }

  grpc::ServerWriteReactor<pb::ExportCsvResponse>* ExportCsv(
      grpc::CallbackServerContext* call, const pb::ExportCsvRequest* request) override {
    auto* stream = new ExportStream({"RecordsService.ExportCsv", parts_.refusals}, *call,
                                    parts_.longQuestions, kReaderStallMax);  // deletes itself
    stream->start(parts_.shortQuestions,
                  [this, call, request = *request] { return beginExport(*call, request); });
    return stream;
  }

 private:
  using Length = RecordQuestions::Length;
  // A filter without both ends covers all time. An invalid filter is refused quickly.
  static Length lengthOf(const pb::RecordFilter& filter) {
    const auto read = records::readFilter(filter);
    return read.ok() && saturatingSubtract(read->toUnixMs, read->fromUnixMs) > kShortRangeMs
               ? Length::Long
               : Length::Short;
  }

  Status listContracts(const grpc::CallbackServerContext& call, const AccountCaller& caller,
                       const pb::ListContractsRequest& request,
                       pb::ListContractsResponse& response) {
    const std::string list = listName(caller, "contracts\n", {});
    DOORSTEP_ASSIGN(const std::uint64_t after, tokens_.readId(list, request.page_token()));
    const auto lease = questions_.readFor(call, kShortQuestionMax);
    DOORSTEP_ASSIGN(auto page,
                    records::listContracts(questions_.reading(lease, caller), ContractId(after),
                                           pageSize(request.page_size())));
    response = std::move(page.response);
    if (page.next)
      response.set_next_page_token(tokens_.writeId(list, page.next->value));
    return kDone;
  }

  Status listRecords(const grpc::CallbackServerContext& call, const AccountCaller& caller,
                     const pb::ListVisitRecordsRequest& request,
                     pb::ListVisitRecordsResponse& response) {
    DOORSTEP_ASSIGN(const auto filter, records::readFilter(request.filter()));
    const std::string list = listName(caller, "records\n", request.filter());
    std::optional<RecordPlace> after;
    if (!request.page_token().empty()) {
      DOORSTEP_ASSIGN(const auto place,
                      tokens_.read(list, request.page_token(), admin::v1::PagePlace::kRecord));
      after = fromPage(place);
    }
    DOORSTEP_TRY(questions_.settle(call));
    DOORSTEP_ASSIGN(auto page,
                    readPage(call, caller, filter, after, pageSize(request.page_size())));
    DOORSTEP_TRY(questions_.record(page.looks));
    response = std::move(page.response);
    if (page.next)
      response.set_next_page_token(tokens_.write(list, toPage(*page.next)));
    return kDone;
  }

  // Returns the connection before a look is recorded.
  Result<records::RecordPage> readPage(const grpc::CallbackServerContext& call,
                                       const AccountCaller& caller,
                                       const records::RecordFilter& filter,
                                       const std::optional<RecordPlace>& after,
                                       std::uint32_t size) {
    const auto lease = questions_.readFor(call);
    return records::listRecords(questions_.reading(lease, caller), filter, after, size);
  }

  Status getTotals(const grpc::CallbackServerContext& call, const AccountCaller& caller,
                   const pb::GetTotalsRequest& request, pb::GetTotalsResponse& response) {
    DOORSTEP_ASSIGN(const auto filter, records::readFilter(request.filter()));
    DOORSTEP_TRY(questions_.settle(call));
    const auto lease = questions_.readFor(call);
    DOORSTEP_ASSIGN(response, records::readTotals(questions_.reading(lease, caller), filter));
    return kDone;
  }

  Status getProofs(const grpc::CallbackServerContext& call, const AccountCaller& caller,
                   const pb::GetVisitProofsRequest& request, pb::GetVisitProofsResponse& response) {
    const ProviderId provider(request.provider_id());
    const VisitId visit(request.visit_id());
    DOORSTEP_ASSIGN(auto found, readProofs(call, caller, provider, visit));
    DOORSTEP_TRY(recordProofLook(caller, provider, visit, found.person));
    for (pb::EntryProof& proof : found.proofs)
      *response.add_proofs() = std::move(proof);
    response.set_log_verifier_key(parts_.signers.verifierKey(provider));
    return kDone;
  }

  Status recordProofLook(const AccountCaller& caller, ProviderId provider, VisitId visit,
                         PersonId person) {
    identity::Look look;
    look.account = caller.account;
    look.provider = provider;
    look.person = person;
    look.visit = visit;
    look.purpose = identity::LookPurpose::Proof;
    look.atUnixMs = parts_.clock.wallUnixMs();
    return questions_.record({look});
  }

  Status getPlanProofs(const grpc::CallbackServerContext& call, const AccountCaller& caller,
                       const pb::GetPlanProofsRequest& request,
                       pb::GetPlanProofsResponse& response) {
    const ProviderId provider(request.provider_id());
    const VisitId visit(request.visit_id());
    DOORSTEP_ASSIGN(auto found, readPlanProofs(call, caller, request));
    DOORSTEP_TRY(recordProofLook(caller, provider, visit, found.person));
    response = std::move(found.response);
    response.set_log_verifier_key(parts_.signers.verifierKey(provider));
    return kDone;
  }

  // Returns the connection before the look is recorded.
  Result<records::PlanProofs> readPlanProofs(const grpc::CallbackServerContext& call,
                                             const AccountCaller& caller,
                                             const pb::GetPlanProofsRequest& request) {
    const auto lease = questions_.readFor(call);
    return records::readPlanProofs(questions_.reading(lease, caller), parts_.log,
                                   ProviderId(request.provider_id()), VisitId(request.visit_id()),
                                   request.with_later());
  }

  Result<records::VisitProofs> readProofs(const grpc::CallbackServerContext& call,
                                          const AccountCaller& caller, ProviderId provider,
                                          VisitId visit) {
    const auto lease = questions_.readFor(call, kShortQuestionMax);
    return records::readVisitProofs(questions_.reading(lease, caller), parts_.log, provider, visit);
  }

  Result<ExportStream::Next> beginExport(grpc::CallbackServerContext& call,
                                         const pb::ExportCsvRequest& request) {
    const pb::RecordFilter& message = request.filter();
    DOORSTEP_ASSIGN(const auto caller, parts_.callers.account(call));
    DOORSTEP_ASSIGN(auto begun, openExport(call, caller, request));
    DOORSTEP_ASSIGN(const auto place, questions_.open().enter(caller.account));
    DOORSTEP_TRY(questions_.settle(call));
    identity::Look look;
    look.account = caller.account;
    look.provider = ProviderId(message.provider_id());
    look.purpose = identity::LookPurpose::Export;
    look.atUnixMs = parts_.clock.wallUnixMs();
    look.detail = message.ShortDebugString();
    DOORSTEP_TRY(questions_.record({look}));
    // shared_ptr: the steps of a stream are one copyable function.
    const auto work = std::make_shared<RecordExport>(std::move(begun));
    return ExportStream::Next([this, &call, caller, place, work](
                                  pb::ExportCsvResponse& response) -> Result<ExportStream::Step> {
      // The export ends with the caller's session.
      DOORSTEP_TRY(parts_.callers.session(CallerContext::sessionToken(call)));
      if (work->isWritten()) {
        DOORSTEP_TRY(work->finish(parts_.office));
        return ExportStream::Step::Nothing;
      }
      const auto lease = questions_.readFor(call, kShortQuestionMax);
      DOORSTEP_ASSIGN(*response.mutable_chunk(), work->next(questions_.reading(lease, caller)));
      return ExportStream::Step::More;
    });
  }

  Result<RecordExport> openExport(const grpc::CallbackServerContext& call,
                                  const AccountCaller& caller,
                                  const pb::ExportCsvRequest& request) {
    const auto lease = questions_.readFor(call, kShortQuestionMax);
    return RecordExport::begin(
        lease, {caller, request.filter(), records::RowFormat::Csv, request.as_of_unix_ms()},
        parts_.clock, parts_.lookIds);
  }

  const Parts parts_;
  const PageTokens tokens_;
  RecordQuestions questions_;
};

RecordsService::RecordsService(const Parts& parts) : impl_(std::make_unique<Impl>(parts)) {}
RecordsService::~RecordsService() = default;
grpc::Service& RecordsService::service() { return *impl_; }

}  // namespace doorstep::rpc
