// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/people/rules_service.h"

#include <grpcpp/grpcpp.h>

#include "doorstep/records/v1/rules_service.grpc.pb.h"
#include "sync-server/records/rules_reader.h"
#include "sync-server/roster/rule_versions.h"
#include "sync-server/rpc/people/record_questions.h"

namespace doorstep::rpc {
namespace {

namespace pb = doorstep::records::v1;
using identity::AccountCaller;
using Length = RecordQuestions::Length;

}  // namespace

class RulesService::Impl final : public pb::RulesService::CallbackService {
 public:
  explicit Impl(const Parts& parts)
      : parts_(parts),
        questions_({parts.storage, parts.callers, parts.shortQuestions, parts.longQuestions,
                    parts.clock, parts.lookIds, parts.pseudonymKey}) {}

  grpc::ServerUnaryReactor* ListRuleVersions(grpc::CallbackServerContext* call,
                                             const pb::ListRuleVersionsRequest* request,
                                             pb::ListRuleVersionsResponse* response) override {
    return questions_.answer(
        {"RulesService.ListRuleVersions", parts_.refusals}, call, Length::Short,
        [=, this](const AccountCaller& caller) -> Status {
          const auto lease = questions_.readFor(*call, kShortQuestionMax);
          DOORSTEP_ASSIGN(*response, records::listRuleVersions(questions_.reading(lease, caller),
                                                               ContractId(request->contract_id())));
          return kDone;
        });
  }
  grpc::ServerUnaryReactor* PreviewRules(grpc::CallbackServerContext* call,
                                         const pb::PreviewRulesRequest* request,
                                         pb::PreviewRulesResponse* response) override {
    return questions_.answer({"RulesService.PreviewRules", parts_.refusals}, call, Length::Long,
                             [=, this](const AccountCaller& caller) {
                               return preview(*call, caller, *request, *response);
                             });
  }
  grpc::ServerUnaryReactor* PublishRules(grpc::CallbackServerContext* call,
                                         const pb::PublishRulesRequest* request,
                                         pb::PublishRulesResponse* response) override {
    return questions_.answer({"RulesService.PublishRules", parts_.refusals}, call, Length::Short,
                             [=, this](const AccountCaller& caller) {
                               return publish(*call, caller, *request, *response);
                             });
  }

 private:
  Status preview(const grpc::CallbackServerContext& call, const AccountCaller& caller,
                 const pb::PreviewRulesRequest& request, pb::PreviewRulesResponse& response) {
    DOORSTEP_TRY(questions_.settle(call));
    identity::Look look;
    look.account = caller.account;
    look.purpose = identity::LookPurpose::Record;
    look.atUnixMs = parts_.clock.wallUnixMs();
    look.detail = "preview of rules, contract " + std::to_string(request.contract_id());
    DOORSTEP_TRY(questions_.record({look}));
    const auto lease = questions_.readFor(call);
    DOORSTEP_ASSIGN(response, records::previewRules(questions_.reading(lease, caller), request));
    return kDone;
  }

  Status publish(const grpc::CallbackServerContext& call, const AccountCaller& caller,
                 const pb::PublishRulesRequest& request, pb::PublishRulesResponse& response) {
    DOORSTEP_ASSIGN(const roster::RulesDraft draft, readDraft(call, caller, request));
    const std::int64_t now = parts_.clock.wallUnixMs();
    DOORSTEP_ASSIGN(
        const auto version,
        parts_.office.writeWithAnswer<std::uint32_t>(
            {caller.account, {}}, [&](sql::Database& database, event_log::OfficeAct& act) {
              return roster::publishRules(database, ContractId(request.contract_id()), draft, now,
                                          act);
            }));
    response.set_rule_version(version);
    return kDone;
  }

  // Returns the connection before the writer is asked. The newest version that the draft was read
  // over is the one that it names, or publishing refuses it.
  Result<roster::RulesDraft> readDraft(const grpc::CallbackServerContext& call,
                                       const AccountCaller& caller,
                                       const pb::PublishRulesRequest& request) {
    const auto lease = questions_.readFor(call, kShortQuestionMax);
    return records::readDraft(questions_.reading(lease, caller), request);
  }

  const Parts parts_;
  RecordQuestions questions_;
};

RulesService::RulesService(const Parts& parts) : impl_(std::make_unique<Impl>(parts)) {}
RulesService::~RulesService() = default;
grpc::Service& RulesService::service() { return *impl_; }

}  // namespace doorstep::rpc
