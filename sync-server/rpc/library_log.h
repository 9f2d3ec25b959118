// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace doorstep::rpc {

class RefusalLog;

// While it lives, what gRPC and protobuf would print to standard error goes into the refusal log
// instead: a handshake that failed as a refusal with its reason, anything else as the place in the
// library. Their own words have no bound, and may quote what a caller sent.
//
// The handlers are the process's, because the libraries have them so: one at a time, made before
// there are calls and ended after the last; what a library says after that is dropped. Thread: one.
class LibraryLog {
 public:
  explicit LibraryLog(RefusalLog& refusals);
  ~LibraryLog();
  LibraryLog(const LibraryLog&) = delete;
  LibraryLog& operator=(const LibraryLog&) = delete;
};

}  // namespace doorstep::rpc
