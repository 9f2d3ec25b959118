// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "app/sync/engine.h"

namespace doorstep::sync {

// Receives a transport's answers. Called on any of the transport's threads: an implementation posts
// to the worker and returns. Never called from inside a SyncTransport function.
class TransportEvents {
 public:
  virtual ~TransportEvents() = default;
  virtual void onExchangeAnswered(std::uint64_t exchange,
                                  doorstep::sync::v1::ExchangeResponse response) = 0;
  virtual void onExchangeFailed(std::uint64_t exchange, Error error) = 0;
  virtual void onWatchHinted(std::uint64_t watch, std::uint64_t newerPlanCursor) = 0;
  virtual void onWatchEnded(std::uint64_t watch, Error error) = 0;
};

// Carries out the engine's calls. No function blocks. Each exchange is answered exactly once, at
// its deadline at the latest. Thread: one caller.
class SyncTransport {
 public:
  virtual ~SyncTransport() = default;
  virtual void exchange(const SendExchange& send) = 0;
  virtual void cancelExchange(std::uint64_t exchange) = 0;
  virtual void startWatch(const StartWatch& start) = 0;
  virtual void stopWatch(std::uint64_t watch) = 0;
  virtual void dropConnection() = 0;
  virtual void useCertificate(const Enrolment& enrolment) = 0;
};

// Actions that remain for the engine's owner.
struct OwnerActions {
  std::optional<std::uint64_t> wakeBootMs;  // WakeAt
  bool screensChanged = false;
};
// Passes the transport's actions to it and returns the rest.
OwnerActions carryOut(const Actions& actions, SyncTransport& transport);

}  // namespace doorstep::sync
