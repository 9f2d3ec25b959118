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

// Office entries of the plan that a test server is created with: the opening, the rules, the plan.
constexpr std::uint64_t kOfficeEntries = 3;

// Runs a program to its end. Returns its exit code; output: standard output.
int runProgram(const std::vector<std::string>& arguments, std::string* output = nullptr);

// A server in a temporary folder with one provider, one person, carers and visits, run as a child
// process on free ports, as an operator runs it. Thread: one; a thread of its own reads the
// server's standard error, so that the server never blocks on it.
class TestServer {
 public:
  struct Plan {
    int carers = 1;
    int visits = 4;  // visit i is of carer i modulo carers; twelve a day from today on
  };
  explicit TestServer(const Plan& plan);
  ~TestServer();

  // Starts `doorstep-server serve` and returns when it listens.
  void start();
  // Replaces its own folder, which must not have been started, by another server's.
  void takeFolder(const std::string& from);
  // From now on it starts on its present ports, since a phone keeps the address of its enrolment.
  void keepPorts();
  // SIGTERM. Returns the exit code.
  int stop();
  // SIGKILL at any moment.
  void kill();
  // Runs another command of the binary on the folder to its end. Returns its exit code.
  int run(const std::vector<std::string>& arguments, std::string* output = nullptr);

  // Writes the device into the database, as enrolment does. Before start or while it runs.
  EnrolledPhone enrol(int carer);
  // One phone for each carer, in one transaction.
  std::vector<EnrolledPhone> enrolAll();
  // Writes the revocation as another process, without the log; a running server sees it within a
  // second.
  void revoke(const EnrolledPhone& phone);

  ProviderId provider() const { return provider_; }
  VisitId visit(std::size_t index) const { return visits_.at(index % visits_.size()); }
  std::uint16_t devicePort() const { return ports_.device; }
  std::uint16_t webPort() const { return ports_.web; }
  const config::ServerDirectory& directory() const { return *directory_; }
  std::string path() const { return folder_.file("server"); }
  pid_t process() const { return process_; }
  // Standard error of every `serve` so far; complete after stop or kill.
  std::string log() const;
  // Decides as a command does while no server runs.
  void decide(const office::OfficeLog::Job& job);
  // A connection to the database besides the server's.
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
  bool logEnded_ DOORSTEP_GUARDED_BY(mutex_) = false;  // the process has ended
};

}  // namespace doorstep::support
