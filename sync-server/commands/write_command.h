// SPDX-License-Identifier: Apache-2.0
#pragma once

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
// way. Errors of its own: those of the folder and the database, SERVER_RUNNING, COMMAND_RUNNING,
// SOCKET_FAILED, and SERVER_LEFT, where nobody knows whether the command was done.
int runWriting(const GlobalFlags& flags, const char* name, const Attach& attach, const Work& work);

// The same command inside a server: parses the call's arguments again and works on `place`, whose
// attached files are the call's. For CommandDoor.
int runInside(const CommandCall& call, const Workplace& place);

}  // namespace doorstep::commands
