// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/hostile/server_process.h"
#include "tests/support/https_client.h"
#include "tests/support/sync_client.h"
#include "tests/support/test_server.h"

namespace doorstep::hostile {

// A connected socket that sends given bytes without TLS.
class PlainSocket {
 public:
  explicit PlainSocket(std::uint16_t port, const std::string& bytes = {});
  ~PlainSocket();
  PlainSocket(const PlainSocket&) = delete;
  PlainSocket& operator=(const PlainSocket&) = delete;

 private:
  int socket_ = -1;
};

// A real server with phones, and the checks on its device port during an attack. Thread: one.
class DeviceDoor {
 public:
  explicit DeviceDoor(int phones = 2);

  // A stranger's connection: TLS without a certificate, for HTTP/2. Null: refused.
  std::unique_ptr<support::HttpsClient> stranger();
  // A connection of the last phone, to send on it what no phone would.
  std::unique_ptr<support::HttpsClient> device();

  // CHECKs that the process lives, that a connected phone and a newly connecting one are served
  // within ten seconds, and that the process's peak has grown by at most growthMaxKib since the
  // first exchange. Prints the figures.
  void checkUnharmed(const std::string& attack, std::size_t growthMaxKib);

  support::TestServer& server() { return server_; }
  support::EnrolledPhone& phone(std::size_t index) { return phones_.at(index); }

 private:
  std::chrono::milliseconds exchange(support::SyncClient& client, support::EnrolledPhone& phone);

  support::TestServer server_;
  std::vector<support::EnrolledPhone> phones_;
  std::unique_ptr<support::SyncClient> known_;
  std::optional<ServerProcess> process_;
};

}  // namespace doorstep::hostile
