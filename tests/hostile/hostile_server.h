// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <string>

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

  // Of the server's process; the peak since forgetPeak.
  std::size_t residentKib() const;
  std::size_t peakKib() const;
  void forgetPeak();
  bool isAlive() const;

  // CHECKs that the process lives, the phone and the guest are served within `promptly`, and the
  // peak is at most growthMaxKib above what was resident at the last forgetPeak.
  void checkUnharmed(const std::string& attack, std::size_t growthMaxKib);

  // The session cookie's line of an account with this role: "operator", "supervisor", "council".
  const std::string& sessionOf(const std::string& role);
  std::unique_ptr<support::HttpsClient> connect();
  support::TestServer& server() { return server_; }

 private:
  std::size_t statusKib(const char* field) const;
  void addAccount(const std::string& login, const std::string& of, const std::string& name);

  support::TestServer server_;
  support::EnrolledPhone phone_;
  std::unique_ptr<support::SyncClient> client_;
  std::map<std::string, std::string> passwords_;
  std::map<std::string, std::string> sessions_;
  std::size_t quietKib_ = 0;
};

// Raises this process's descriptor limit, for crowds. After the server was started: it must live
// with the usual one.
void allowManySockets();

}  // namespace doorstep::hostile
