// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "app/sync/enrolment.h"
#include "app/sync/transport.h"

namespace doorstep::sync {

// The engine's calls over gRPC with mutual TLS, one connection. A failed connection, or one of a
// previous network, is discarded, because gRPC's back-off would interfere with the engine's. A
// device with two certificates uses the newer one, and after a failed connection the other: a
// server with a wrong clock may have issued one that is not valid yet.
//
// Answers arrive on gRPC's threads. The destructor cancels outstanding calls and waits for them;
// nothing is reported afterwards. Thread: one caller; answers on any.
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
  // shared_ptr: a call that ends on gRPC's thread keeps it alive until it has reported.
  std::shared_ptr<Calls> calls_;
};

}  // namespace doorstep::sync
