// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/library_log.h"

#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>

#include <string_view>

#include "shared/core/mutex.h"
#include "sync-server/rpc/refusal_log.h"

namespace doorstep::rpc {
namespace {

// Handlers are plain functions. The mutex is held while one writes, because gRPC has threads that
// are never joined.
struct Target {
  Mutex mutex;
  RefusalLog* refusals DOORSTEP_GUARDED_BY(mutex) = nullptr;
};

Target& target() {
  static Target only;
  return only;
}

void setTarget(RefusalLog* refusals) {
  const MutexLock lock(target().mutex);
  target().refusals = refusals;
}

void tellPlace(const char* library, std::string_view file, int line) {
  const MutexLock lock(target().mutex);
  if (target().refusals)
    target().refusals->library(library, file.substr(file.rfind('/') + 1), line);
}

void tellHandshake(const char* reason) {
  const MutexLock lock(target().mutex);
  if (target().refusals)
    target().refusals->refused("DevicePort", {ErrorCode::Unauthenticated, reason, "in TLS"});
}

void takeFromGrpc(gpr_log_func_args* said) {
  const std::string_view text(said->message);
  if (!text.starts_with("Handshake failed"))
    return tellPlace("gRPC", said->file, said->line);
  const bool certificate = text.find("certificate verify failed") != std::string_view::npos;
  tellHandshake(certificate ? "CERTIFICATE_UNVERIFIED" : "HANDSHAKE_FAILED");
}

void takeFromProtobuf(google::protobuf::LogLevel, const char* file, int line, const std::string&) {
  tellPlace("protobuf", file, line);
}

}  // namespace

LibraryLog::LibraryLog(RefusalLog& refusals) {
  setTarget(&refusals);
  gpr_set_log_function(takeFromGrpc);
  google::protobuf::SetLogHandler(takeFromProtobuf);
}

LibraryLog::~LibraryLog() { setTarget(nullptr); }

}  // namespace doorstep::rpc
