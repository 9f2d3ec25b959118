// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace doorstep::postgres {

// Answers that are not read yet. More would lie in memory, on both sides, for nothing: at a
// thousand a round trip is no longer felt.
constexpr std::size_t kQueuedMax = 1'000;
constexpr std::size_t kQueuedBytesMax = 16'000'000;
// After so many bytes a Sync is sent, before libpq sends what it holds by itself (64 KiB). A server
// that waits for the rest of a pipeline does not count the time of kIdleInTransactionMs: a process
// that stood still there would hold its locks for ever.
constexpr std::size_t kUnsyncedBytesMax = 48'000;
// Of a statement's rows in memory. The largest page of the stores is some 20 MB.
constexpr std::size_t kResultBytesMax = std::size_t{256} << 20;
// Texts with the types of their parameters, a connection. The server's stores have some 150; the
// plans of so many take a few megabytes of a backend.
constexpr std::size_t kPreparedMax = 1'000;
// As SQLite's: what is longer is no value of ours.
constexpr std::size_t kValueBytesMax = 1'000'000'000;
// Before this the collation of a database cannot be asked for; Debian 12 has it.
constexpr int kServerVersionMin = 150'000;
constexpr int kConnectWaitS = 10;
// What libpq says of a failed connection, a line for each host that was tried.
constexpr std::size_t kConnectErrorBytesMax = 500;
// What a server says to a connection that asks nothing: a setting that changed, its own end.
constexpr int kUnaskedReadsMax = 4;
// A cancel that was not heard by then is not waited for: whoever wanted the answer has gone.
constexpr int kCancelWaitMs = 2'000;
// A migration that rewrites a country's entries takes minutes.
constexpr int kSchemaWaitMs = 3'600'000;
// How often the server looks whether the client of a running statement is still there, so that what
// nobody waits for any more does not run on, with its locks.
constexpr int kClientLookEveryMs = 5'000;
// How long a call waits before it asks whether it may go on.
constexpr int kQuestionEveryMs = 20;
// A job that stands still in its transaction holds up everybody else's. Ours compute for less than
// a second between two statements.
constexpr int kIdleInTransactionMs = 60'000;

}  // namespace doorstep::postgres
