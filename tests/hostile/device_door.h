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

// A socket that connected and says what it was told, without TLS.
class PlainSocket {
 public:
  explicit PlainSocket(std::uint16_t port, const std::string& bytes = {});
  ~PlainSocket();
  PlainSocket(const PlainSocket&) = delete;
  PlainSocket& operator=(const PlainSocket&) = delete;

 private:
  int socket_ = -1;
};

// A real server with phones, and what must hold at its device port whatever strangers do there.
// Thread: one.
class DeviceDoor {
 public:
  explicit DeviceDoor(int phones = 2);

  // A stranger: TLS without a certificate, speaking HTTP/2. Null: not let in.
  std::unique_ptr<support::HttpsClient> stranger();
  // A connection of the last phone, to say on it what no phone would.
  std::unique_ptr<support::HttpsClient> device();

  // CHECKs that the process lives, that a phone with a connection and one that has to connect are
  // served within ten seconds, and that the process has grown by at most growthMaxKib since the
  // first exchange, at its peak. Prints the figures.
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
