// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace doorstep::commands {

// Of a command that is sent to a running server (command_door.h).

// Arguments, together: a shell gives as much to one. Names of files and an input count as such.
constexpr std::size_t kCallTextBytesMax = 1024 * 1024;
constexpr std::size_t kCallArgumentsMax = 256;
constexpr std::size_t kCallFilesMax = 16;  // a rota has five
// Files of one command, and of all that wait, beside the oldest. The largest rota that is taken has
// 300,000 rows of some 200 bytes.
constexpr std::size_t kCallFileBytesMax = 256 * 1024 * 1024;
constexpr std::size_t kFrameBytesMax = 1024 * 1024;
constexpr std::size_t kReadBytes = 256 * 1024;  // of one caller at a time
// Commands that wait or are sent; more wait to be let in, and one that sends nothing makes room.
constexpr std::size_t kCallersMax = 32;
// Between two pieces of a command: they come from memory on the same machine.
constexpr std::chrono::milliseconds kCallSilenceMax{10'000};
// For the whole of a command, however slowly it comes; time in which others run does not count.
constexpr std::chrono::milliseconds kCallWholeMax{60'000};
// A caller that is silent for as long makes room for a newcomer where there is none.
constexpr std::chrono::milliseconds kRoomAfterSilence{500};
// For the whole answer, which may be every carer's enrolment: 30 MB.
constexpr std::chrono::milliseconds kAnswerSendMax{60'000};
// For the answer as the command waits for it: the largest rota is imported in half a minute, and
// others may stand before it.
constexpr std::chrono::milliseconds kAnswerWaitMax{15 * 60'000};
// For a server that is starting or stopping, or another command without one.
constexpr std::chrono::milliseconds kTurnWaitMax{60'000};
constexpr std::chrono::milliseconds kTurnTryEvery{50};
// Until a command that waits says for whom.
constexpr std::chrono::milliseconds kTurnSilenceMax{2'000};

}  // namespace doorstep::commands
