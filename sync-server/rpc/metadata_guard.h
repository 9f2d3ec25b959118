// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/security/auth_metadata_processor.h>

#include <memory>

namespace doorstep::rpc {

// Refuses calls over the device port that carry x-doorstep-… metadata: it names a person, and only
// the HTTPS front, which comes over its own channel, may set it. PERMISSION_DENIED
// (METADATA_RESERVED).
std::shared_ptr<grpc::AuthMetadataProcessor> makeMetadataGuard();

}  // namespace doorstep::rpc
