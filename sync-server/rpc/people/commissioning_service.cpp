// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/people/commissioning_service.h"

#include <optional>
#include <string>
#include <utility>

#include "doorstep/admin/v1/commissioning_service.grpc.pb.h"
#include "shared/core/bytes.h"
#include "sync-server/identity/access_log.h"
#include "sync-server/records/commissioned/commissioned_day.h"
#include "sync-server/records/commissioned/commissioned_desk.h"
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

std::string listName(const identity::AccountCaller& caller,
                     const pb::ListPackagesRequest& request) {
  return "packages\n" + bigEndian64(caller.account.value) + bigEndian64(request.provider_id()) +
         bigEndian64(request.contract_id()) + request.day() + "\n" + request.search();
}

}  // namespace

class CommissioningService::Impl final : public pb::CommissioningService::CallbackService {
 public:
  explicit Impl(const Parts& parts) : parts_(parts), tokens_(parts.pageKey) {}

  grpc::ServerUnaryReactor* GetCommissionedDay(grpc::CallbackServerContext* call,
                                               const pb::GetCommissionedDayRequest* request,
                                               pb::GetCommissionedDayResponse* response) override {
    return unaryOn(parts_.workers, {"CommissioningService.GetCommissionedDay", parts_.refusals},
                   call, [=, this]() -> Status {
                     DOORSTEP_ASSIGN(const auto caller, parts_.callers.account(*call));
                     const auto lease = parts_.storage.read();
                     DOORSTEP_ASSIGN(*response,
                                     records::commissionedDay(lease, caller, *request,
                                                              parts_.clock.wallUnixMs()));
                     return kDone;
                   });
  }
  grpc::ServerUnaryReactor* ListPackages(grpc::CallbackServerContext* call,
                                         const pb::ListPackagesRequest* request,
                                         pb::ListPackagesResponse* response) override {
    return unaryOn(parts_.workers, {"CommissioningService.ListPackages", parts_.refusals}, call,
                   [=, this] { return listPackages(*call, *request, *response); });
  }
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
  // Before people are shown: without a record of the look they are not.
  Status recordLook(const identity::AccountCaller& caller, std::uint64_t provider,
                    std::uint64_t person, std::string detail) {
    identity::Look look;
    look.account = caller.account;
    look.provider = provider != 0 ? ProviderId(provider) : caller.provider;  // 0: her own
    look.person = PersonId(person);
    look.atUnixMs = parts_.clock.wallUnixMs();
    look.detail = std::move(detail);
    return identity::recordLooks(parts_.storage, {&look, 1}, parts_.clock, parts_.lookIds);
  }

  Result<records::PackagesPage> readPackages(const identity::AccountCaller& caller,
                                             const pb::ListPackagesRequest& request,
                                             PersonId after) {
    const auto lease = parts_.storage.read();
    return records::listPackages(lease, caller, request, after, parts_.clock.wallUnixMs());
  }

  Status listPackages(const grpc::CallbackServerContext& call,
                      const pb::ListPackagesRequest& request, pb::ListPackagesResponse& response) {
    DOORSTEP_ASSIGN(const auto caller, parts_.callers.account(call));
    DOORSTEP_ASSIGN(const std::uint64_t after,
                    tokens_.readId(listName(caller, request), request.page_token()));
    DOORSTEP_ASSIGN(auto page, readPackages(caller, request, PersonId(after)));
    if (page.response.people_size() > 0)
      DOORSTEP_TRY(recordLook(caller, request.provider_id(), 0,
                              "packages of contract " + std::to_string(request.contract_id())));
    response = std::move(page.response);
    if (page.next)
      response.set_next_page_token(tokens_.writeId(listName(caller, request), page.next->value));
    return kDone;
  }

  static bool isOfPeople(pb::CommissionedKind kind) {
    return kind == pb::COMMISSIONED_KIND_PACKAGE || kind == pb::COMMISSIONED_KIND_PAUSE;
  }
  Result<records::CommissionedPage> readRows(const identity::AccountCaller& caller,
                                             const pb::ListCommissionedRequest& request,
                                             const std::optional<commissioning::RowPlace>& after) {
    const auto lease = parts_.storage.read();
    return records::listCommissioned(lease, caller, request, after);
  }

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
    DOORSTEP_ASSIGN(auto page, readRows(caller, request, after));
    if (page.response.rows_size() > 0 && isOfPeople(request.kind()))
      DOORSTEP_TRY(recordLook(caller, request.provider_id(), request.subject_id(),
                              "what is commissioned, kind " + std::to_string(request.kind())));
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
