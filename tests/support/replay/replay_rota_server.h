// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "shared/core/mutex.h"
#include "shared/core/result.h"
#include "tests/support/replay/replay_rota_api.h"
#include "tests/support/replay/replay_rota_processes.h"

namespace doorstep::replay {

// An enrolment text that an office hands to a carer.
struct Enrolment {
  std::uint64_t carerId = 0;
  std::string text;
};

// Output of `import-rota`.
struct ImportedRota {
  std::uint64_t providerId = 0;
  std::uint64_t people = 0;
  std::uint64_t carers = 0;
  std::uint64_t visits = 0;
};

// A separate doorstep-server: folder, ports, process. After a kill it restarts on the same ports.
// Thread: crash() any; the others one.
class ReplayServer {
 public:
  ReplayServer(Processes& processes, std::string program, std::filesystem::path folder,
               std::string clockFile);

  // Creates the server's folder and the operator's account. Error COMMAND_FAILED.
  Status create();
  // Error ROTA_REFUSED, with the list of faults as text.
  Result<ImportedRota> importRota(const std::filesystem::path& folder);
  // Returns when the server answers. Error SERVER_NOT_STARTED.
  Status start();
  Result<std::map<std::string, Enrolment>> enrolments();
  // An API session signed in as operator.
  Result<Api> signIn();

  // SIGKILL, then a restart.
  Status crash();
  // SIGTERM, then waits for the end.
  void stop();

 private:
  Ended command(const std::vector<std::string>& arguments, const std::string& input);
  std::vector<std::string> commandLine(const std::vector<std::string>& arguments) const;
  Status startLocked() DOORSTEP_REQUIRES(mutex_);

  Processes& processes_;
  const std::string program_;
  const std::filesystem::path folder_;
  const std::string clockFile_;
  std::uint16_t devicePort_ = 0;
  std::uint16_t webPort_ = 0;
  std::string authorityPem_;

  Mutex mutex_;
  pid_t process_ DOORSTEP_GUARDED_BY(mutex_) = -1;
};

}  // namespace doorstep::replay
