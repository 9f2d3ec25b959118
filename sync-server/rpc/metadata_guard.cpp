// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/metadata_guard.h"

namespace doorstep::rpc {
namespace {

class MetadataGuard final : public grpc::AuthMetadataProcessor {
 public:
  bool IsBlocking() const override { return false; }

  grpc::Status Process(const InputMetadata& metadata, grpc::AuthContext*, OutputMetadata*,
                       OutputMetadata*) override {
    const grpc::string_ref prefix("x-doorstep-");
    // The map is sorted, and gRPC has made the keys lower-case.
    const auto found = metadata.lower_bound(prefix);
    if (found == metadata.end() || !found->first.starts_with(prefix))
      return grpc::Status::OK;
    return {grpc::StatusCode::PERMISSION_DENIED, "METADATA_RESERVED"};
  }
};

}  // namespace

// shared_ptr: gRPC's interface.
std::shared_ptr<grpc::AuthMetadataProcessor> makeMetadataGuard() {
  return std::make_shared<MetadataGuard>();
}

}  // namespace doorstep::rpc
