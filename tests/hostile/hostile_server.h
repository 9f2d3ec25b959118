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

// A real server, a working phone and a client of the front that requests a file, and the checks on
// them during an attack. Thread: one.
class HostileServer {
 public:
  HostileServer();

  // Waiting time on a new connection (guest) and on the phone's own. Negative: not served.
  std::chrono::milliseconds guestWaits();
  std::chrono::milliseconds phoneWaits();

  // CHECKs that the process lives, that phone and guest are served within `promptly`, and that the
  // peak is at most growthMaxKib above the resident memory before the attack.
  void checkUnharmed(const std::string& attack, std::size_t growthMaxKib);

  // The session cookie's header line of an account with this role: "operator", "supervisor",
  // "council".
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
