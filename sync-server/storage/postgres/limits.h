// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace doorstep::postgres {

// Answers that are not read yet. More would lie in memory, on both sides, for nothing: at a
// thousand a round trip is no longer felt.
constexpr std::size_t kQueuedMax = 1'000;
// Texts with the types of their parameters, a connection. The server's stores have some 150; the
// plans of so many take a few megabytes of a backend.
constexpr std::size_t kPreparedMax = 1'000;
// As SQLite's: what is longer is no value of ours.
constexpr std::size_t kValueBytesMax = 1'000'000'000;
// Before this the collation of a database cannot be asked for; Debian 12 has it.
constexpr int kServerVersionMin = 150'000;
constexpr int kConnectWaitS = 10;
// How long a call waits before it asks whether it may go on.
constexpr int kQuestionEveryMs = 20;
// A job that stands still in its transaction holds up everybody else's. Ours compute for less than
// a second between two statements.
constexpr int kIdleInTransactionMs = 60'000;

}  // namespace doorstep::postgres
