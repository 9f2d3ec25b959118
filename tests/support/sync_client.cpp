// SPDX-License-Identifier: Apache-2.0
#include "tests/support/sync_client.h"

#include <chrono>

namespace doorstep::support {
namespace {

// Only so that a test ends at all when something hangs.
constexpr std::chrono::seconds kDeadline{60};

}  // namespace

std::shared_ptr<grpc::Channel> openChannel(const TestServer& server,
                                           const std::string& certificateChainPem,
                                           const std::string& keyPem) {
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = server.directory().keys().authority.pem;
  options.pem_cert_chain = certificateChainPem;
  options.pem_private_key = keyPem;
  grpc::ChannelArguments arguments;
  // A connection for each phone, as phones have.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  return grpc::CreateCustomChannel("localhost:" + std::to_string(server.devicePort()),
                                   grpc::SslCredentials(options), arguments);
}

SyncClient::SyncClient(const TestServer& server, const EnrolledPhone* phone)
    : channel_(phone ? openChannel(server, phone->certificateChainPem, phone->tlsKeyPem)
                     : openChannel(server, "", "")),
      stub_(doorstep::sync::v1::SyncService::NewStub(channel_)) {}

SyncClient::Answer SyncClient::exchange(
    const std::vector<SigningPhone::Signed>& entries,
    const std::vector<std::pair<std::string, std::string>>& metadata) {
  doorstep::sync::v1::ExchangeRequest request;
  for (const auto& entry : entries)
    request.add_entries(entry.bytes);
  doorstep::sync::v1::ClockReading clock;
  clock.set_boot(1);
  clock.set_sent_boot_ms(5'000);
  request.set_clock(clock.SerializeAsString());
  return exchange(request, metadata);
}

SyncClient::Answer SyncClient::exchange(
    const doorstep::sync::v1::ExchangeRequest& request,
    const std::vector<std::pair<std::string, std::string>>& metadata) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kDeadline);
  for (const auto& [key, value] : metadata)
    context.AddMetadata(key, value);
  Answer answer;
  answer.status = stub_->Exchange(&context, request, &answer.response);
  const auto& trailing = context.GetServerTrailingMetadata();
  if (const auto reason = trailing.find("doorstep-reason"); reason != trailing.end())
    answer.reason = std::string(reason->second.begin(), reason->second.end());
  return answer;
}

}  // namespace doorstep::support
