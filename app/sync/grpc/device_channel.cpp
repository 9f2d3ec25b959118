// SPDX-License-Identifier: Apache-2.0
#include "app/sync/grpc/device_channel.h"

#include <algorithm>
#include <climits>

#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>

#include "app/sync/tuning.h"
#include "shared/crypto/server_chain.h"

namespace doorstep::sync {
namespace {

bool isReason(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

grpc::ChannelArguments channelArguments() {
  grpc::ChannelArguments arguments;
  // gRPC 1.51 uses this also as the deadline of the TLS handshake (grpc/grpc#33423): a small value
  // never connects over 2G.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kConnectTimeoutMs);
  // A channel is discarded after a failure and for a new network: connections are never shared.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  // Only the engine decides about retries.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  // Bandwidth probing sends a ping with each answer, which is larger than our answers.
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  // No keepalive: it would wake the radio. A dead connection shows at the next call's deadline.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, INT_MAX);
  arguments.SetMaxReceiveMessageSize(static_cast<int>(kResponseBytesMax));
  arguments.SetString(GRPC_ARG_PRIMARY_USER_AGENT_STRING, "ds/1");
  return arguments;
}

// Verifies the server's certificate instead of gRPC, which would use the wall clock. Thread:
// gRPC's.
class OfficeVerifier final : public grpc::experimental::ExternalCertificateVerifier {
 public:
  OfficeVerifier(std::string host, std::string authorityPem, std::int64_t lowestNowUnixMs)
      : host_(std::move(host)),
        authorityPem_(std::move(authorityPem)),
        lowestNowUnixMs_(lowestNowUnixMs) {}

  bool Verify(grpc::experimental::TlsCustomVerificationCheckRequest* request,
              std::function<void(grpc::Status)> callback, grpc::Status* status) override {
    (void)callback;  // for verifiers that answer later
    const auto chain = request->peer_cert_full_chain();
    const Status verified = crypto::verifyServerChain({chain.data(), chain.size()}, authorityPem_,
                                                      host_, lowestNowUnixMs_);
    *status = verified.ok()
                  ? grpc::Status::OK
                  : grpc::Status(grpc::StatusCode::UNAUTHENTICATED, verified.error().text);
    return true;
  }
  void Cancel(grpc::experimental::TlsCustomVerificationCheckRequest*) override {}

 private:
  const std::string host_;
  const std::string authorityPem_;
  const std::int64_t lowestNowUnixMs_;
};

// Null for invalid keys: the channel then fails each call.
std::shared_ptr<grpc::ChannelCredentials> credentialsOf(const std::string& host,
                                                        const ChannelKeys& keys) {
  namespace tls = grpc::experimental;
  if (keys.authorityPem.empty())
    return nullptr;
  std::vector<tls::IdentityKeyCertPair> identity;
  if (!keys.certificateChainPem.empty())
    identity.push_back({keys.tlsKeyPem, keys.certificateChainPem});
  tls::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(
      std::make_shared<tls::StaticDataCertificateProvider>(keys.authorityPem, identity));
  options.watch_root_certs();
  if (!identity.empty())
    options.watch_identity_key_cert_pairs();
  options.set_verify_server_certs(false);  // the verifier does, without the wall clock
  options.set_check_call_host(false);
  options.set_certificate_verifier(tls::ExternalCertificateVerifier::Create<OfficeVerifier>(
      host, keys.authorityPem, keys.lowestNowUnixMs));
  return tls::TlsCredentials(options);
}

}  // namespace

std::shared_ptr<grpc::Channel> makeDeviceChannel(const std::string& host, std::uint16_t port,
                                                 const ChannelKeys& keys) {
  const bool isIpv6 = host.find(':') != std::string::npos;
  const std::string target = (isIpv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
  return grpc::CreateCustomChannel(target, credentialsOf(host, keys), channelArguments());
}

gpr_timespec deadlineAfter(std::int64_t delayMs) {
  return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_millis(delayMs, GPR_TIMESPAN));
}

// gRPC's codes are the same as ours (shared/core/result.h). The server's message is the reason;
// gRPC's own messages are prose.
Error errorOf(const grpc::Status& status) {
  const auto code = static_cast<ErrorCode>(status.error_code());
  if (isReason(status.error_message()))
    return {code, status.error_message(), "said by the server"};
  const bool late = status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED;
  return {code, late ? "DEADLINE_EXCEEDED" : "UNREACHABLE", status.error_message()};
}

}  // namespace doorstep::sync
