// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/security/auth_metadata_processor.h>

#include <memory>

namespace doorstep::rpc {

class RefusalLog;

// Refuses calls on the device port with x-doorstep-… metadata, which identifies a person and may be
// set only by the HTTPS front, over its own channel. PERMISSION_DENIED (METADATA_RESERVED).
// refusals outlives the server.
std::shared_ptr<grpc::AuthMetadataProcessor> makeMetadataGuard(RefusalLog& refusals);

}  // namespace doorstep::rpc
