// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <functional>
#include <string>
#include <string_view>

#include "shared/core/clock.h"
#include "shared/core/id_source.h"
#include "shared/core/result.h"
#include "sync-server/commands/attached.h"
#include "sync-server/config/server_directory.h"
#include "sync-server/office/office_log.h"
#include "sync-server/storage/storage.h"

namespace doorstep::commands {

// Where a command prints: its own terminal, or that of the command that a server runs for.
class Output {
 public:
  virtual ~Output() = default;
  virtual void print(std::string_view text) = 0;
  virtual void printError(std::string_view text) = 0;
  // Progress on standard error; may be lost. Thread: any that works for the command.
  virtual void progress(std::string_view text) = 0;
};

class StandardOutput final : public Output {
 public:
  void print(std::string_view text) override { write(text, stdout); }
  void printError(std::string_view text) override { write(text, stderr); }
  void progress(std::string_view text) override { write(text, stderr); }

 private:
  static void write(std::string_view text, std::FILE* file) {
    std::fwrite(text.data(), 1, text.size(), file);
  }
};

// What a command that writes the database works on: what is open in its own process, or what a
// running server has open (command_door.h). Thread: the one that does the work.
struct Workplace {
  const config::ServerDirectory& directory;
  storage::Storage& storage;
  const Clock& clock;
  IdSource& ids;
  const Attached& attached;
  Output& out;
  // Polled before a commit: an error when the caller has left or the server is stopping.
  std::function<Status()> mayGoOn;
  // For changes of plans and rules; opened on first use.
  std::function<Result<office::OfficeLog*>()> office;
  // By which the clock runs; empty: the machine's.
  std::string clockFile = {};
};

}  // namespace doorstep::commands
