// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace doorstep::postgres {

// Unread results. More would only take memory on both sides: at a thousand, the cost of a round
// trip is negligible.
constexpr std::size_t kQueuedMax = 1'000;
constexpr std::size_t kQueuedBytesMax = 16'000'000;
// Bytes after which a Sync is sent, before libpq flushes its buffer by itself (64 KiB). A server
// that waits for the rest of a pipeline does not apply kIdleInTransactionMs, so a process that
// hangs there would hold its locks without limit.
constexpr std::size_t kUnsyncedBytesMax = 48'000;
// A statement's rows in memory. The largest page of the stores is about 20 MB.
constexpr std::size_t kResultBytesMax = std::size_t{256} << 20;
// Prepared statements per connection. The server's stores have about 150; the plans of this many
// take a few megabytes of a backend.
constexpr std::size_t kPreparedMax = 1'000;
// As SQLite's limit: no value of ours is longer.
constexpr std::size_t kValueBytesMax = 1'000'000'000;
// Older servers cannot report a database's collation; Debian 12 has this one.
constexpr int kServerVersionMin = 150'000;
constexpr int kConnectWaitS = 10;
// libpq's text about a failed connection, one line per host tried.
constexpr std::size_t kConnectErrorBytesMax = 500;
// Unsolicited messages of the server: a changed setting, its shutdown.
constexpr int kUnaskedReadsMax = 4;
// Wait for a cancel to take effect; after that the connection is given up, since the caller is
// gone.
constexpr int kCancelWaitMs = 2'000;
// A migration that rewrites all entries of a country takes minutes.
constexpr int kSchemaWaitMs = 3'600'000;
// How often the server checks that the client of a running statement is still connected, so that an
// abandoned statement does not keep its locks.
constexpr int kClientLookEveryMs = 5'000;
// Interval at which a waiting call polls whether it may continue.
constexpr int kQuestionEveryMs = 20;
// A job that hangs in its transaction blocks all others. Ours compute for less than a second
// between two statements.
constexpr int kIdleInTransactionMs = 60'000;

}  // namespace doorstep::postgres
