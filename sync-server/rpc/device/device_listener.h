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

// The listening socket of the device port and its accepting thread. gRPC's own accept loop has no
// limits, and stops for good after one accept that failed for lack of descriptors. A duplicate
// descriptor of each connection is watched, to detect its end and to cut it; its traffic belongs to
// the receiver of the socket.
//
// Out of descriptors: a spare one is closed to accept and close pending connections, so that
// clients are refused at once instead of waiting. A socket that fails is reopened on the same port;
// when that fails for kListenerBackMs, failure() reports why, and the owner ends the process.
// Thread: any; it has one of its own.
class DeviceListener {
 public:
  struct Config {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;                // 0: any free one
    std::function<void(int socket)> take;  // takes ownership; on the listener's thread
  };
  // Error UNAVAILABLE (LISTEN_FAILED).
  static Result<std::unique_ptr<DeviceListener>> start(Config config,
                                                       DeviceConnections& connections,
                                                       const Clock& clock);
  ~DeviceListener();

  std::uint16_t port() const;
  // kDone while listening. Error UNAVAILABLE (LISTEN_FAILED): it has given up.
  Status failure() const;
  // Stops accepting; open connections stay.
  void stop();

 private:
  class Impl;
  explicit DeviceListener(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace doorstep::rpc
