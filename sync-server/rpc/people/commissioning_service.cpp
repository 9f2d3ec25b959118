// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/people/commissioning_service.h"

#include <optional>
#include <string>

#include "doorstep/admin/v1/commissioning_service.grpc.pb.h"
#include "shared/core/bytes.h"
#include "sync-server/records/commissioned_desk.h"
#include "sync-server/rpc/people/page_tokens.h"
#include "sync-server/rpc/people/unary_call.h"

namespace doorstep::rpc {
namespace {

namespace pb = doorstep::admin::v1;

// The list that a page token belongs to: caller and question.
std::string listName(const identity::AccountCaller& caller,
                     const pb::ListCommissionedRequest& request) {
  return "commissioned\n" + bigEndian64(caller.account.value) + bigEndian64(request.provider_id()) +
         bigEndian64(request.contract_id()) +
         bigEndian64(static_cast<std::uint64_t>(request.kind()));
}

}  // namespace

class CommissioningService::Impl final : public pb::CommissioningService::CallbackService {
 public:
  explicit Impl(const Parts& parts) : parts_(parts), tokens_(parts.pageKey) {}

  grpc::ServerUnaryReactor* ListCommissioned(grpc::CallbackServerContext* call,
                                             const pb::ListCommissionedRequest* request,
                                             pb::ListCommissionedResponse* response) override {
    return unaryOn(parts_.workers, {"CommissioningService.ListCommissioned", parts_.refusals}, call,
                   [=, this] { return list(*call, *request, *response); });
  }
  grpc::ServerUnaryReactor* SetCommissioned(grpc::CallbackServerContext* call,
                                            const pb::SetCommissionedRequest* request,
                                            pb::SetCommissionedResponse* response) override {
    return unaryOn(parts_.workers, {"CommissioningService.SetCommissioned", parts_.refusals}, call,
                   [=, this] { return set(*call, *request, *response); });
  }

 private:
  Status list(const grpc::CallbackServerContext& call, const pb::ListCommissionedRequest& request,
              pb::ListCommissionedResponse& response) {
    DOORSTEP_ASSIGN(const auto caller, parts_.callers.account(call));
    const std::string name = listName(caller, request);
    std::optional<commissioning::RowPlace> after;
    if (!request.page_token().empty()) {
      DOORSTEP_ASSIGN(const auto page,
                      tokens_.read(name, request.page_token(), pb::PagePlace::kCommissioned));
      const auto& place = page.commissioned();
      after = commissioning::RowPlace{
          {static_cast<commissioning::Kind>(request.kind()), place.subject_id(), place.name()},
          place.from_day()};
    }
    const auto lease = parts_.storage.read();
    DOORSTEP_ASSIGN(auto page, records::listCommissioned(lease, caller, request, after));
    response = std::move(page.response);
    if (!page.next)
      return kDone;
    pb::PagePlace next;
    auto& place = *next.mutable_commissioned();
    place.set_subject_id(page.next->key.subject);
    place.set_name(page.next->key.name);
    place.set_from_day(page.next->fromDay);
    response.set_next_page_token(tokens_.write(name, next));
    return kDone;
  }

  Status set(const grpc::CallbackServerContext& call, const pb::SetCommissionedRequest& request,
             pb::SetCommissionedResponse& response) {
    DOORSTEP_ASSIGN(const auto caller, parts_.callers.account(call));
    DOORSTEP_ASSIGN(response, parts_.office.writeWithAnswer<pb::SetCommissionedResponse>(
                                  {caller.account, {}},
                                  [&](sql::Database& database, event_log::OfficeAct& act) {
                                    return records::setCommissioned(database, caller, request, act);
                                  }));
    return kDone;
  }

  const Parts parts_;
  const PageTokens tokens_;
};

CommissioningService::CommissioningService(const Parts& parts)
    : impl_(std::make_unique<Impl>(parts)) {}
CommissioningService::~CommissioningService() = default;
grpc::Service& CommissioningService::service() { return *impl_; }

}  // namespace doorstep::rpc
