// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/errors.h"

#include <grpcpp/impl/codegen/server_context.h>
#include <grpcpp/impl/codegen/status.h>
#include <grpcpp/security/auth_context.h>

#include "sync-server/rpc/caller_context.h"
#include "sync-server/rpc/refusal_log.h"

namespace doorstep::rpc {

// doorstep::ErrorCode has gRPC's numbers (shared/core/result.h).
static_assert(static_cast<int>(ErrorCode::Unauthenticated) ==
              static_cast<int>(grpc::StatusCode::UNAUTHENTICATED));
static_assert(static_cast<int>(ErrorCode::Unavailable) ==
              static_cast<int>(grpc::StatusCode::UNAVAILABLE));

namespace {

bool isForTheScreenAlone(ErrorCode code) {
  switch (code) {
    case ErrorCode::Cancelled:
    case ErrorCode::InvalidArgument:
    case ErrorCode::NotFound:
    case ErrorCode::AlreadyExists:
    case ErrorCode::FailedPrecondition:
    case ErrorCode::OutOfRange:
      return true;
    default:
      return false;
  }
}

}  // namespace

grpc::Status statusOf(grpc::ServerContextBase& call, const Error& error) {
  call.AddTrailingMetadata(kReasonMetadata, error.reason);
  return {static_cast<grpc::StatusCode>(error.code), error.reason};
}

grpc::Status statusOf(const Method& method, grpc::ServerContextBase& call, const Error& error) {
  if (method.ofDevices || !isForTheScreenAlone(error.code)) {
    const auto context = call.auth_context();
    method.refusals.refused(method.name, error, context ? certifiedDevice(*context) : DeviceId());
  }
  return statusOf(call, error);
}

}  // namespace doorstep::rpc
