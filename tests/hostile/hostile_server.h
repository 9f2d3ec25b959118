// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "tests/hostile/server_process.h"
#include "tests/support/https_client.h"
#include "tests/support/sync_client.h"
#include "tests/support/test_server.h"

namespace doorstep::hostile {

// A real server, a phone that goes on working and a guest of the front who asks for a file, and
// what must hold whatever others do at the same time. Thread: one.
class HostileServer {
 public:
  HostileServer();

  // How long they wait, over a new connection (guest) and the phone's own. Negative: not served.
  std::chrono::milliseconds guestWaits();
  std::chrono::milliseconds phoneWaits();

  // CHECKs that the process lives, the phone and the guest are served within `promptly`, and the
  // peak is at most growthMaxKib above what was resident when nothing had happened yet.
  void checkUnharmed(const std::string& attack, std::size_t growthMaxKib);

  // The session cookie's line of an account with this role: "operator", "supervisor", "council".
  const std::string& sessionOf(const std::string& role);
  std::unique_ptr<support::HttpsClient> connect();
  support::TestServer& server() { return server_; }
  ServerProcess& process() { return *process_; }

 private:
  void addAccount(const std::string& login, const std::string& of, const std::string& name);

  support::TestServer server_;
  support::EnrolledPhone phone_;
  std::unique_ptr<support::SyncClient> client_;
  std::map<std::string, std::string> passwords_;
  std::map<std::string, std::string> sessions_;
  std::optional<ServerProcess> process_;
};

}  // namespace doorstep::hostile
