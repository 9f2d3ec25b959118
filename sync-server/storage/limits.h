// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>

namespace doorstep::storage {

// How long a commit waits while another process writes. The largest import (roster/limits.h) holds
// the file for about 20 s; exchanges queue meanwhile instead of failing and returning all at once.
constexpr int kWriterWaitMsMax = 60'000;

// Opened at start, so that reads work when file handles run out: one for each reading thread
// (workers of phones, of people's short and long queries, sign-in, imports, boards, the front) and
// a few more.
constexpr std::size_t kReadConnectionsMin = 16;
// How long a thread waits for a connection when no more can be opened; then it gets NO_READER.
constexpr std::chrono::milliseconds kReaderWait{5'000};
// PostgreSQL aborts one of two conflicting transactions while the other succeeds, so repeated
// conflicts become unlikely even with many replicas.
constexpr int kJobRunsMax = 5;
// 64 MiB. Readers hold the WAL for milliseconds at a time, but a query over a year does so
// repeatedly.
constexpr int kWalPagesMax = 16'384;

}  // namespace doorstep::storage
