// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace doorstep::rpc {

class RefusalLog;

// While it exists, output of gRPC and protobuf to standard error goes to the refusal log instead: a
// failed handshake as a refusal with its reason, anything else as its place in the library's
// source. The libraries' texts are unbounded and may quote what a caller sent, so they are not
// logged.
//
// The handlers are process-wide: only one instance at a time, created before the first call and
// destroyed after the last; later output is dropped. Thread: one.
class LibraryLog {
 public:
  explicit LibraryLog(RefusalLog& refusals);
  ~LibraryLog();
  LibraryLog(const LibraryLog&) = delete;
  LibraryLog& operator=(const LibraryLog&) = delete;
};

}  // namespace doorstep::rpc
