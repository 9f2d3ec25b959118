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

// Runs a command that writes the database: inside the server if one runs in the folder, otherwise
// here with the folder's lock, so that there is one writer. Waits for a server that is starting or
// stopping and for another command (limits.h: kTurnWaitMax). Output is the same in both cases. Own
// errors: those of the folder and the database, SERVER_RUNNING, COMMAND_RUNNING, SOCKET_FAILED, and
// SERVER_LEFT when the outcome is unknown.
int runWriting(const GlobalFlags& flags, const char* name, const Attach& attach, const Work& work);

// Runs a call inside a server: parses its arguments again and works on `place`, with the call's
// attached files. For CommandDoor.
int runInside(const CommandCall& call, const Workplace& place);

}  // namespace doorstep::commands
