// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "doorstep/sync/v1/sync_service.grpc.pb.h"
#include "tests/support/test_server.h"

namespace doorstep::support {

// The plain client side of SyncService, for tests that send what our phones would not.
class SyncClient {
 public:
  // phone null: no client certificate.
  SyncClient(const TestServer& server, const EnrolledPhone* phone);

  struct Answer {
    grpc::Status status;
    doorstep::sync::v1::ExchangeResponse response;
    std::string reason;  // trailing doorstep-reason
  };
  Answer exchange(const std::vector<SigningPhone::Signed>& entries,
                  const std::vector<std::pair<std::string, std::string>>& metadata = {});
  Answer exchange(const doorstep::sync::v1::ExchangeRequest& request,
                  const std::vector<std::pair<std::string, std::string>>& metadata = {});
  doorstep::sync::v1::SyncService::Stub& stub() { return *stub_; }
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

 private:
  std::shared_ptr<grpc::Channel> channel_;  // shared_ptr: gRPC's interface
  std::unique_ptr<doorstep::sync::v1::SyncService::Stub> stub_;
};

std::shared_ptr<grpc::Channel> openChannel(const TestServer& server,
                                           const std::string& certificateChainPem,
                                           const std::string& keyPem);

}  // namespace doorstep::support
