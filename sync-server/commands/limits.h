// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace doorstep::commands {

// Limits of a command that is sent to a running server (command_door.h).

// Arguments, file names and input together; a shell allows as much for one.
constexpr std::size_t kCallTextBytesMax = 1024 * 1024;
constexpr std::size_t kCallArgumentsMax = 256;
constexpr std::size_t kCallFilesMax = 16;  // a rota has five
// Files of one command, and of all waiting ones besides the oldest. The largest rota accepted has
// 300,000 rows of about 200 bytes.
constexpr std::size_t kCallFileBytesMax = 256 * 1024 * 1024;
constexpr std::size_t kFrameBytesMax = 1024 * 1024;
constexpr std::size_t kReadBytes = 256 * 1024;  // of one caller at a time
// Callers waiting or sending; further ones wait to be accepted, and a silent one is dropped for
// them.
constexpr std::size_t kCallersMax = 32;
// Between two parts of a command, which are sent from memory on the same machine.
constexpr std::chrono::milliseconds kCallSilenceMax{10'000};
// For a whole command, however slowly it arrives; time in which others run does not count.
constexpr std::chrono::milliseconds kCallWholeMax{60'000};
// A caller silent for this long is dropped for a new one when there is no room.
constexpr std::chrono::milliseconds kRoomAfterSilence{500};
// For sending the whole answer, which may contain every carer's enrolment: 30 MB.
constexpr std::chrono::milliseconds kAnswerSendMax{60'000};
// For receiving the answer: the largest rota is imported in half a minute, and other commands may
// be queued before it.
constexpr std::chrono::milliseconds kAnswerWaitMax{15 * 60'000};
// For a server that is starting or stopping, or another command that holds the lock.
constexpr std::chrono::milliseconds kTurnWaitMax{60'000};
constexpr std::chrono::milliseconds kTurnTryEvery{50};
// Silence after which a waiting command tells the person what it waits for.
constexpr std::chrono::milliseconds kTurnSilenceMax{2'000};

// Limits of a report that is printed (report.cpp).

// Script and style of the page, each: they have 300 kB.
constexpr std::size_t kReportPartBytesMax = 4 * 1024 * 1024;
// For Chromium to start and print: two seconds on a machine that has nothing else to do.
constexpr std::chrono::milliseconds kPrintMax{120'000};
// Of each file that Chromium may write: a report of all measures has 0.2 MB.
constexpr std::uint64_t kPrintBytesMax = 64 * 1024 * 1024;
// Of what Chromium says while it prints, for the words of a failure.
constexpr std::size_t kPrintLogBytesMax = 256 * 1024;

}  // namespace doorstep::commands
