// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>

#include "shared/core/result.h"
#include "sync-server/commands/command_call.h"
#include "sync-server/commands/commands.h"
#include "sync-server/commands/workplace.h"

namespace doorstep::commands {

// Reads files and standard input, with the rights of who typed the command.
using Attach = std::function<Result<Attached>()>;
// Does the work, prints, and returns the exit code.
using Work = std::function<int(const Workplace&)>;

// Runs a command that writes the database: inside the server when one runs in the folder, else here
// with the folder's lock held, so that there is one writer. Waits for a server that is starting or
// stopping and for another command (limits.h: kTurnWaitMax). What is printed is the same either
// way. --clock of a command inside a server that lives by another clock is refused. Errors of its
// own: those of the folder and the database, SERVER_RUNNING, COMMAND_RUNNING,
// SOCKET_FAILED, and SERVER_LEFT, where nobody knows whether the command was done.
int runWriting(const GlobalFlags& flags, const char* name, const Attach& attach, const Work& work);

// Where a command works that writes files of the folder and not its database.
struct FolderPlace {
  const std::filesystem::path& path;
  Output& out;
  const std::function<Status()>& mayGoOn;
};
using FolderWork = std::function<int(const FolderPlace&)>;

// The same as runWriting for such a command: the database is not opened, and the keys may be
// missing or damaged.
int runInFolder(const GlobalFlags& flags, const char* name, const FolderWork& work);

// The same command inside a server: parses the call's arguments again and works on `place`, whose
// attached files are the call's. For CommandDoor.
int runInside(const CommandCall& call, const Workplace& place);

}  // namespace doorstep::commands
