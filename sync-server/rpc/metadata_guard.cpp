// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/metadata_guard.h"

#include "sync-server/rpc/caller_context.h"
#include "sync-server/rpc/refusal_log.h"

namespace doorstep::rpc {
namespace {

const Error kReserved{ErrorCode::PermissionDenied, "METADATA_RESERVED", "of the front alone"};

class MetadataGuard final : public grpc::AuthMetadataProcessor {
 public:
  explicit MetadataGuard(RefusalLog& refusals) : refusals_(refusals) {}

  bool IsBlocking() const override { return false; }

  grpc::Status Process(const InputMetadata& metadata, grpc::AuthContext* caller, OutputMetadata*,
                       OutputMetadata*) override {
    const grpc::string_ref prefix("x-doorstep-");
    // The map is sorted, and gRPC has made the keys lower-case.
    const auto found = metadata.lower_bound(prefix);
    if (found == metadata.end() || !found->first.starts_with(prefix))
      return grpc::Status::OK;
    // The method is the caller's text, so it is not logged.
    refusals_.refused("DevicePort", kReserved, caller ? certifiedDevice(*caller) : DeviceId());
    return {grpc::StatusCode::PERMISSION_DENIED, kReserved.reason};
  }

 private:
  RefusalLog& refusals_;
};

}  // namespace

// shared_ptr: gRPC's interface.
std::shared_ptr<grpc::AuthMetadataProcessor> makeMetadataGuard(RefusalLog& refusals) {
  return std::make_shared<MetadataGuard>(refusals);
}

}  // namespace doorstep::rpc
