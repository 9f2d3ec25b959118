// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "app/sync/enrolment.h"
#include "app/sync/transport.h"

namespace doorstep::sync {

// The engine's calls over gRPC with mutual TLS, one connection. A connection that failed, or
// belongs to a network that is gone, is thrown away: gRPC's own back-off would stand in the
// engine's way. A device with two certificates shows the newer one, and the other after a
// connection that failed: a server whose clock was wrong may have made one that begins too late.
//
// Answers come on gRPC's threads. The destructor cancels what is outstanding and waits for it;
// nothing is reported after that. Thread: one caller; the answers on any.
class GrpcTransport final : public SyncTransport {
 public:
  GrpcTransport(const Enrolment& enrolment, TransportEvents& events);
  ~GrpcTransport() override;

  void exchange(const SendExchange& send) override;
  void cancelExchange(std::uint64_t exchange) override;
  void startWatch(const StartWatch& start) override;
  void stopWatch(std::uint64_t watch) override;
  void dropConnection() override;
  void useCertificate(const Enrolment& enrolment) override;

 private:
  class Calls;
  // shared_ptr: a call that ends on gRPC's thread holds it until it has reported.
  std::shared_ptr<Calls> calls_;
};

}  // namespace doorstep::sync
