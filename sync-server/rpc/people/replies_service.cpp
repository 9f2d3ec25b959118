// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/people/replies_service.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <string>
#include <vector>

#include "doorstep/records/v1/replies_service.grpc.pb.h"
#include "shared/core/bytes.h"
#include "sync-server/records/figures/freeze_reading.h"
#include "sync-server/records/figures/reply_reading.h"
#include "sync-server/replies/limits.h"
#include "sync-server/replies/reply_store.h"
#include "sync-server/rpc/people/page_tokens.h"
#include "sync-server/rpc/people/record_questions.h"

namespace doorstep::rpc {
namespace {

namespace pb = doorstep::records::v1;
using identity::AccountCaller;
using identity::Role;
using replies::Reply;
using Length = RecordQuestions::Length;

// A reply with 50 visits has about 6 KB.
constexpr std::uint32_t kPageSizeDefault = 50;
constexpr std::uint32_t kPageSizeMax = 100;

std::uint32_t pageSize(std::uint32_t asked) {
  return asked == 0 ? kPageSizeDefault : std::min(asked, kPageSizeMax);
}

// The list that a page token belongs to: caller and question.
std::string listName(const AccountCaller& caller, const pb::ListRepliesRequest& request) {
  pb::ListRepliesRequest question = request;
  question.clear_page_size();
  question.clear_page_token();
  return "replies\n" + bigEndian64(caller.account.value) + question.SerializeAsString();
}

}  // namespace

class RepliesService::Impl final : public pb::RepliesService::CallbackService {
 public:
  explicit Impl(const Parts& parts)
      : parts_(parts),
        tokens_(parts.pageKey),
        questions_({parts.storage, parts.callers, parts.shortQuestions, parts.longQuestions,
                    parts.clock, parts.lookIds, parts.pseudonymKey}) {}

  grpc::ServerUnaryReactor* ReplyToFigure(grpc::CallbackServerContext* call,
                                          const pb::ReplyToFigureRequest* request,
                                          pb::ReplyToFigureResponse* response) override {
    return questions_.answer({"RepliesService.ReplyToFigure", parts_.refusals}, call, Length::Long,
                             [=, this](const AccountCaller& caller) {
                               return reply(*call, caller, *request, *response);
                             });
  }
  grpc::ServerUnaryReactor* WithdrawReply(grpc::CallbackServerContext* call,
                                          const pb::WithdrawReplyRequest* request,
                                          pb::WithdrawReplyResponse* response) override {
    return questions_.answer({"RepliesService.WithdrawReply", parts_.refusals}, call, Length::Short,
                             [=, this](const AccountCaller& caller) {
                               return withdraw(*call, caller, *request, *response);
                             });
  }
  grpc::ServerUnaryReactor* ListReplies(grpc::CallbackServerContext* call,
                                        const pb::ListRepliesRequest* request,
                                        pb::ListRepliesResponse* response) override {
    return questions_.answer({"RepliesService.ListReplies", parts_.refusals}, call, Length::Short,
                             [=, this](const AccountCaller& caller) {
                               return list(*call, caller, *request, *response);
                             });
  }

 private:
  Status reply(const grpc::CallbackServerContext& call, const AccountCaller& caller,
               const pb::ReplyToFigureRequest& request, pb::ReplyToFigureResponse& response) {
    DOORSTEP_TRY(identity::requireRole(caller, {Role::Supervisor}));
    // Refuses quickly what the writer would refuse after a long reading.
    DOORSTEP_TRY(replies::checkText(request.text()));
    if (static_cast<std::size_t>(request.visit_ids_size()) > replies::kAttachedMax)
      return Error{ErrorCode::InvalidArgument, "ATTACHED_TOO_MANY",
                   "at most 50 visits are attached to a reply"};
    std::vector<VisitId> attached;
    for (const std::uint64_t visit : request.visit_ids())
      attached.emplace_back(visit);
    // What the phone recorded a moment ago counts too.
    DOORSTEP_TRY(questions_.settle(call));
    DOORSTEP_ASSIGN(const auto figure, readFigure(call, caller, request, attached));
    DOORSTEP_ASSIGN(
        const auto made,
        parts_.office.writeWithAnswer<Reply>(
            {caller.account, {}}, [&](sql::Database& database, event_log::OfficeAct& act) {
              return replies::replyToFigure(database, figure, request.text(), attached, act);
            }));
    return tell(call, caller, made, *response.mutable_reply());
  }

  // Returns the connection before anything is written.
  Result<replies::SeenFigure> readFigure(const grpc::CallbackServerContext& call,
                                         const AccountCaller& caller,
                                         const pb::ReplyToFigureRequest& request,
                                         const std::vector<VisitId>& attached) {
    const auto lease = questions_.readFor(call);
    return records::readSeenFigure(questions_.reading(lease, caller), request.filter(),
                                   request.measure(), attached);
  }

  Status withdraw(const grpc::CallbackServerContext& call, const AccountCaller& caller,
                  const pb::WithdrawReplyRequest& request, pb::WithdrawReplyResponse& response) {
    DOORSTEP_TRY(identity::requireRole(caller, {Role::Supervisor}));
    const ContractId contract(request.contract_id());
    {
      const auto lease = questions_.readFor(call, kShortQuestionMax);
      DOORSTEP_TRY(records::visibleContract(questions_.reading(lease, caller), contract));
    }
    DOORSTEP_ASSIGN(
        const auto made,
        parts_.office.writeWithAnswer<Reply>(
            {caller.account, {}}, [&](sql::Database& database, event_log::OfficeAct& act) {
              return replies::withdrawReply(database, contract, caller.provider, request.reply(),
                                            request.text(), act);
            }));
    return tell(call, caller, made, *response.mutable_reply());
  }

  Status tell(const grpc::CallbackServerContext& call, const AccountCaller& caller,
              const Reply& made, pb::FigureReply& message) {
    const auto lease = questions_.readFor(call, kShortQuestionMax);
    DOORSTEP_ASSIGN(message, records::replyMessage(questions_.reading(lease, caller), made));
    return kDone;
  }

  Status list(const grpc::CallbackServerContext& call, const AccountCaller& caller,
              const pb::ListRepliesRequest& request, pb::ListRepliesResponse& response) {
    const std::string name = listName(caller, request);
    DOORSTEP_ASSIGN(const std::uint64_t from, tokens_.readId(name, request.page_token()));
    const auto lease = questions_.readFor(call, kShortQuestionMax);
    DOORSTEP_ASSIGN(auto page, records::listReplies(questions_.reading(lease, caller), request,
                                                    from, pageSize(request.page_size())));
    response = std::move(page.response);
    if (page.next != 0)
      response.set_next_page_token(tokens_.writeId(name, page.next));
    return kDone;
  }

  const Parts parts_;
  const PageTokens tokens_;
  RecordQuestions questions_;
};

RepliesService::RepliesService(const Parts& parts) : impl_(std::make_unique<Impl>(parts)) {}
RepliesService::~RepliesService() = default;
grpc::Service& RepliesService::service() { return *impl_; }

}  // namespace doorstep::rpc
