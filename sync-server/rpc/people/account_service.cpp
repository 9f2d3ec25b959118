// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/people/account_service.h"

#include <fmt/format.h>

#include "doorstep/admin/v1/account_service.grpc.pb.h"
#include "shared/core/durations.h"
#include "sync-server/identity/limits.h"
#include "sync-server/identity/sessions.h"
#include "sync-server/identity/sign_in.h"
#include "sync-server/roster/roster_store.h"
#include "sync-server/rpc/people/unary_call.h"

namespace doorstep::rpc {
namespace {

namespace pb = doorstep::admin::v1;

constexpr std::size_t kSignInsWaitingMax = 50;  // twenty seconds of scrypt; more is an attack

// Read by http::kSessionCookie. __Host-: this host only, TLS only, all paths. It outlives the
// session and sign-out: then it only identifies a known browser (identity/known_browsers.h).
std::string cookie(const std::string& token) {
  constexpr std::int64_t maxAgeS = identity::kKnownBrowserAgeMs / kSecondMs;
  return fmt::format(
      "__Host-doorstep-session={}; Path=/; Max-Age={}; HttpOnly; Secure; SameSite=Strict", token,
      maxAgeS);
}

// Numbers of the two enumerations are the same.
static_assert(static_cast<int>(identity::Role::Operator) == pb::ROLE_OPERATOR);
static_assert(static_cast<int>(identity::Role::Supervisor) == pb::ROLE_SUPERVISOR);
static_assert(static_cast<int>(identity::Role::Council) == pb::ROLE_COUNCIL);

}  // namespace

class AccountService::Impl final : public pb::AccountService::CallbackService {
 public:
  explicit Impl(const Parts& parts)
      : parts_(parts),
        signIn_(parts.storage, parts.clock, parts.ids, parts.cost),
        passwords_(1, kSignInsWaitingMax) {}

  grpc::ServerUnaryReactor* SignIn(grpc::CallbackServerContext* call,
                                   const pb::SignInRequest* request,
                                   pb::SignInResponse* response) override {
    const Method method{"AccountService.SignIn", parts_.refusals};
    const std::string address = CallerContext::peerAddress(*call);
    auto place = signIn_.enter(address);
    if (!place) {
      auto* reactor = call->DefaultReactor();
      reactor->Finish(statusOf(method, *call,
                               {ErrorCode::ResourceExhausted, "TOO_MANY_ATTEMPTS",
                                "others of this network wait for their answer"}));
      return reactor;
    }
    return unaryOn(passwords_, method, call,
                   [this, call, request, response, address, place = std::move(place)]() -> Status {
                     DOORSTEP_ASSIGN(const auto signedIn,
                                     signIn_.signIn(request->login(), request->password(), address,
                                                    CallerContext::sessionToken(*call)));
                     DOORSTEP_TRY(describe(signedIn.caller, *response->mutable_session()));
                     call->AddInitialMetadata("set-cookie", cookie(signedIn.session.token));
                     return kDone;
                   });
  }

  grpc::ServerUnaryReactor* SignOut(grpc::CallbackServerContext* call, const pb::SignOutRequest*,
                                    pb::SignOutResponse*) override {
    return unaryOn(parts_.workers, {"AccountService.SignOut", parts_.refusals}, call,
                   [this, call]() -> Status {
                     const std::string token = CallerContext::sessionToken(*call);
                     DOORSTEP_TRY(identity::endSession(parts_.storage, token));
                     parts_.sessions.look(token);
                     return kDone;
                   });
  }

  grpc::ServerUnaryReactor* GetSession(grpc::CallbackServerContext* call,
                                       const pb::GetSessionRequest*,
                                       pb::GetSessionResponse* response) override {
    return unaryOn(parts_.workers, {"AccountService.GetSession", parts_.refusals}, call,
                   [this, call, response]() -> Status {
                     DOORSTEP_ASSIGN(const auto caller, parts_.callers.account(*call));
                     return describe(caller, *response->mutable_session());
                   });
  }

  void stop() { passwords_.stop(); }

 private:
  Status describe(const identity::AccountCaller& caller, pb::Session& session) const {
    session.set_display_name(caller.displayName);
    session.set_role(static_cast<pb::Role>(caller.role));
    session.set_provider_id(caller.provider.value);
    session.set_council_id(caller.council.value);
    const auto lease = parts_.storage.read();
    if (caller.provider) {
      DOORSTEP_ASSIGN(const auto provider, roster::provider(lease, caller.provider));
      session.set_organisation_name(provider.name);
    } else if (caller.council) {
      DOORSTEP_ASSIGN(const auto council, roster::council(lease, caller.council));
      session.set_organisation_name(council.name);
    }
    return kDone;
  }

  const Parts parts_;
  identity::SignIn signIn_;
  WorkerPool passwords_;
};

AccountService::AccountService(const Parts& parts) : impl_(std::make_unique<Impl>(parts)) {}
AccountService::~AccountService() = default;
grpc::Service& AccountService::service() { return *impl_; }
void AccountService::stop() { impl_->stop(); }

}  // namespace doorstep::rpc
