// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "sync-server/rpc/device/device_connections.h"

namespace doorstep::rpc {

// The listening socket of the device port and the thread that accepts. gRPC's own accept loop knows
// no bounds, and after one accept that failed for want of descriptors it never accepts again. Of
// each connection a duplicate descriptor is watched, so that its end is seen and it can be cut;
// what comes over it is the business of whoever takes it.
//
// Out of descriptors: a spare one is given up to accept and close what waits, so that callers are
// refused at once rather than left to wait. A socket that does not accept any more is opened again
// on the same port; when that fails for kListenerBackMs, failure() says why, and the owner ends the
// process. Thread: any; it runs one of its own.
class DeviceListener {
 public:
  struct Config {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;                // 0: any free one
    std::function<void(int socket)> take;  // it owns the socket; on the listener's thread
  };
  // Error UNAVAILABLE (LISTEN_FAILED).
  static Result<std::unique_ptr<DeviceListener>> start(Config config,
                                                       DeviceConnections& connections,
                                                       const Clock& clock);
  ~DeviceListener();

  std::uint16_t port() const;
  // kDone while it accepts. Error UNAVAILABLE (LISTEN_FAILED): it has given up.
  Status failure() const;
  // Accepts no more; connections that are open stay.
  void stop();

 private:
  class Impl;
  explicit DeviceListener(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace doorstep::rpc
