// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/device/enrolment_service.h"

#include <utility>

#include "doorstep/enrolment/v1/enrolment_service.grpc.pb.h"
#include "shared/core/guarded.h"
#include "sync-server/identity/attempt_throttle.h"
#include "sync-server/identity/limits.h"
#include "sync-server/identity/network_key.h"
#include "sync-server/roster/roster_store.h"
#include "sync-server/rpc/device/device_call.h"
#include "sync-server/rpc/errors.h"
#include "sync-server/rpc/limits.h"

namespace doorstep::rpc {

namespace pb = doorstep::enrolment::v1;

class EnrolmentService::Impl final : public grpc::Service {
 public:
  explicit Impl(Parts parts)
      : parts_(std::move(parts)),
        throttle_(identity::kEnrolFreeAttempts, identity::kEnrolDelayMaxMs) {
    using grpc::internal::RpcMethod;
    AddMethod(new grpc::internal::RpcServiceMethod("/doorstep.enrolment.v1.EnrolmentService/Enrol",
                                                   RpcMethod::BIDI_STREAMING, nullptr));
    MarkMethodCallback(
        0, new grpc::internal::CallbackBidiHandler<pb::EnrolRequest, pb::EnrolResponse>(
               [this](grpc::CallbackServerContext* call) { return new Enrol(*this, *call); }));
  }

 private:
  // Deletes itself when gRPC is done with it.
  class Enrol final : public DeviceCall<pb::EnrolRequest, pb::EnrolResponse> {
   public:
    Enrol(Impl& service, grpc::CallbackServerContext& call)
        : DeviceCall(service.parts_.callers, call), service_(service) {
      readMessage();
    }
    void OnDone() override { delete this; }

   private:
    void received() override {
      if (!service_.parts_.workers.post([this] { take(); }))
        refuse(kBusy);
    }
    void take() {
      if (call().IsCancelled())
        return Finish(grpc::Status::CANCELLED);
      const Status done = guarded([this] { return service_.take(call(), request(), response_); });
      if (!done.ok())
        return refuse(done.error());
      StartWriteAndFinish(&response_, grpc::WriteOptions(), grpc::Status::OK);
    }
    void refuse(const Error& error) override {
      const Method method{"EnrolmentService.Enrol", service_.parts_.refusals, true};
      Finish(statusOf(method, call(), error));
    }

    Impl& service_;
    pb::EnrolResponse response_;
  };

  Status take(const grpc::CallbackServerContext& call, const pb::EnrolRequest& request,
              pb::EnrolResponse& response) {
    if (request.ByteSizeLong() > kEnrolBytesMax)
      return Error{ErrorCode::InvalidArgument, "REQUEST_INVALID", "longer than any enrolment"};
    const std::string network = identity::networkKey(CallerContext::peerAddress(call));
    const std::int64_t now = parts_.clock.wallUnixMs();
    if (throttle_.waitMs(network, now) > 0)
      return Error{ErrorCode::ResourceExhausted, "TOO_MANY_ATTEMPTS",
                   "wait before the next attempt"};
    Status done = enrol(request, response);
    if (!done.ok() && done.error().code == ErrorCode::PermissionDenied)
      throttle_.failed(network, now);
    return done;
  }

  Status enrol(const pb::EnrolRequest& request, pb::EnrolResponse& response) {
    const identity::EnrolAttempt attempt{request.code(),
                                         request.tls_certificate_request(),
                                         request.signing_public_key(),
                                         request.signing_key_proof(),
                                         request.device_description(),
                                         DeviceId(request.continues_device_id())};
    DOORSTEP_TRY(identity::checkAttempt(attempt));
    DOORSTEP_ASSIGN(const auto enrolled, identity::enrol(parts_.storage, attempt, parts_.issuer,
                                                         parts_.clock, parts_.ids));
    const auto lease = parts_.storage.read();
    DOORSTEP_ASSIGN(const auto provider, roster::provider(lease, enrolled.provider));
    DOORSTEP_ASSIGN(const auto carer, roster::carer(lease, enrolled.provider, enrolled.carer));
    response.set_device_id(enrolled.device.value);
    response.set_certificate_chain_pem(enrolled.certificateChainPem);
    response.set_log_verifier_key(parts_.logVerifierKey(enrolled.provider));
    response.set_provider_id(provider.id.value);
    response.set_provider_name(provider.name);
    response.set_carer_id(carer.id.value);
    response.set_carer_name(carer.name);
    response.set_server_time_unix_ms(parts_.clock.wallUnixMs());
    return kDone;
  }

  const Parts parts_;
  identity::AttemptThrottle throttle_;
};

EnrolmentService::EnrolmentService(Parts parts) : impl_(std::make_unique<Impl>(std::move(parts))) {}
EnrolmentService::~EnrolmentService() = default;
grpc::Service& EnrolmentService::service() { return *impl_; }

}  // namespace doorstep::rpc
