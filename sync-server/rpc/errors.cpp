// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/errors.h"

#include <grpcpp/impl/codegen/server_context.h>
#include <grpcpp/impl/codegen/status.h>

namespace doorstep::rpc {

// doorstep::ErrorCode has gRPC's numbers (shared/core/result.h).
static_assert(static_cast<int>(ErrorCode::Unauthenticated) ==
              static_cast<int>(grpc::StatusCode::UNAUTHENTICATED));
static_assert(static_cast<int>(ErrorCode::Unavailable) ==
              static_cast<int>(grpc::StatusCode::UNAVAILABLE));

grpc::Status statusOf(grpc::ServerContextBase& call, const Error& error) {
  call.AddTrailingMetadata(kReasonMetadata, error.reason);
  return {static_cast<grpc::StatusCode>(error.code), error.reason};
}

}  // namespace doorstep::rpc
