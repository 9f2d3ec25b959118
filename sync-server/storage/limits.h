// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>

namespace doorstep::storage {

// How long a commit waits while another process writes. The largest import (roster/limits.h) holds
// the file for some 20 s; exchanges queue for as long and are then answered, instead of failing and
// coming again all at once.
constexpr int kWriterWaitMsMax = 60'000;

// Opened at the start, so that reading goes on when file handles run out: one for each thread that
// ever reads (workers of phones, of people's short and long questions, sign-in, imports, boards,
// the front) and some.
constexpr std::size_t kReadConnectionsMin = 16;
// How long a thread waits for a connection when no more can be opened; then what it asked is
// answered with NO_READER.
constexpr std::chrono::milliseconds kReaderWait{5'000};
// PostgreSQL ends one of two transactions that were in each other's way; the other one has got
// through then, so even of many replicas nobody is unlucky so often.
constexpr int kJobRunsMax = 5;
// 64 MiB. Readers hold the WAL for milliseconds at a time, but a year's totals do so again and
// again.
constexpr int kWalPagesMax = 16'384;

}  // namespace doorstep::storage
