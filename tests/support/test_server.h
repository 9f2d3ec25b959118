// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "shared/core/mutex.h"
#include "sync-server/config/server_context.h"
#include "sync-server/office/office_log.h"
#include "tests/support/signing_phone.h"
#include "tests/support/temporary_folder.h"

namespace doorstep::support {

// A phone with a certificate of the server's authority.
struct EnrolledPhone {
  SigningPhone signer;
  std::string certificateChainPem;
  std::string tlsKeyPem;
};

// Of the plan that a test server is made with: what there was before, the rules and the plan.
constexpr std::uint64_t kOfficeEntries = 3;

// Runs a program to its end; its exit code and what it printed to standard output.
int runProgram(const std::vector<std::string>& arguments, std::string* output = nullptr);

// A server of its own in a temporary folder: one provider, one person, carers and visits; run as a
// child process, as an operator runs it, on free ports. Thread: one; another of its own reads what
// the server writes to standard error, so that it never waits for a reader.
class TestServer {
 public:
  struct Plan {
    int carers = 1;
    int visits = 4;  // each of the carer number (index modulo carers), twelve a day from today on
  };
  explicit TestServer(const Plan& plan);
  ~TestServer();

  // Starts `doorstep-server serve` and returns when it listens.
  void start();
  // Takes another server's folder in place of its own, which had not been started.
  void takeFolder(const std::string& from);
  // From now on it starts on the ports that it has: a phone keeps the address of its enrolment.
  void keepPorts();
  // SIGTERM, and the exit code.
  int stop();
  // SIGKILL, at whatever it is doing.
  void kill();
  // Runs another command of the binary on the folder, to its end; its exit code.
  int run(const std::vector<std::string>& arguments, std::string* output = nullptr);

  // Writes the device into the database, as enrolment does. Before start, or while it runs.
  EnrolledPhone enrol(int carer);
  // One phone for each carer, in one transaction.
  std::vector<EnrolledPhone> enrolAll();
  // While the server runs as another process that knows of no log: it sees it within a second.
  void revoke(const EnrolledPhone& phone);

  ProviderId provider() const { return provider_; }
  VisitId visit(std::size_t index) const { return visits_.at(index % visits_.size()); }
  std::uint16_t devicePort() const { return ports_.device; }
  std::uint16_t webPort() const { return ports_.web; }
  const config::ServerDirectory& directory() const { return *directory_; }
  std::string path() const { return folder_.file("server"); }
  pid_t process() const { return process_; }
  // What every `serve` so far has written; after stop or kill, all of it.
  std::string log() const;
  // As a command does that decides something while no server runs.
  void decide(const office::OfficeLog::Job& job);
  // A connection to the database beside the server.
  std::unique_ptr<storage::Storage> openDatabase() const;

 private:
  void loadPlan(const Plan& plan);
  std::pair<EnrolledPhone, identity::Device> makePhone(CarerId carer);
  void readLog(int standardError);
  void waitUntilReady(std::size_t from);

  TemporaryFolder folder_;
  std::unique_ptr<config::ServerDirectory> directory_;
  SystemClock clock_;
  SystemIdSource ids_;
  ProviderId provider_;
  std::vector<CarerId> carers_;
  std::vector<VisitId> visits_;
  config::ListeningPorts ports_;
  pid_t process_ = 0;
  std::thread logReader_;

  mutable Mutex mutex_;
  Condition logGrew_;
  std::string log_ DOORSTEP_GUARDED_BY(mutex_);
  bool logEnded_ DOORSTEP_GUARDED_BY(mutex_) = false;  // the process is gone
};

}  // namespace doorstep::support
