// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/security/auth_metadata_processor.h>

#include <memory>

namespace doorstep::rpc {

class RefusalLog;

// Refuses calls over the device port that carry x-doorstep-… metadata: it names a person, and only
// the HTTPS front, which comes over its own channel, may set it. PERMISSION_DENIED
// (METADATA_RESERVED). refusals outlives the server.
std::shared_ptr<grpc::AuthMetadataProcessor> makeMetadataGuard(RefusalLog& refusals);

}  // namespace doorstep::rpc
