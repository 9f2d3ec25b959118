// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/push_floors.h"

#include <fcntl.h>
#include <unistd.h>

#include "shared/core/check.h"
#include "shared/sql/sqlite.h"
#include "tests/bench/percentiles.h"

namespace doorstep::bench {
namespace {

constexpr const char* kTable =
    "CREATE TABLE entry (provider_id INTEGER, position INTEGER, device_id INTEGER, n INTEGER, "
    "entry_hash BLOB, "
    "entry BLOB, signature BLOB, received_unix_ms INTEGER, PRIMARY KEY (provider_id, position)) "
    "STRICT, WITHOUT ROWID";

}  // namespace

double sqliteRowsPerSecond(const std::string& folder, const FloorLoad& load) {
  auto database = sql::openSqlite(folder + "/floor.db");
  DOORSTEP_CHECK(database.ok());
  DOORSTEP_CHECK(database->execute(kTable).ok());
  auto insert = database->prepare("INSERT INTO entry VALUES (1, ?, 7, ?, ?, ?, ?, 1790000000000)");
  DOORSTEP_CHECK(insert.ok());
  const std::string hash(32, 'h');
  const std::string entry(load.entryBytes, 'e');
  const std::string signature(64, 's');
  const Stopwatch watch;
  for (std::size_t i = 0; i < load.entries;) {
    auto transaction = sql::Transaction::begin(*database);
    DOORSTEP_CHECK(transaction.ok());
    for (std::size_t k = 0; k < load.entriesPerCommit && i < load.entries; ++k, ++i)
      DOORSTEP_CHECK(insert->bindId(0, i)
                         .bindId(1, i)
                         .bindBlob(2, hash)
                         .bindBlob(3, entry)
                         .bindBlob(4, signature)
                         .run()
                         .ok());
    DOORSTEP_CHECK(transaction->commit().ok());
  }
  return static_cast<double>(load.entries) / watch.seconds();
}

double rawAppendsPerSecond(const std::string& folder, const FloorLoad& load) {
  const int file =
      open((folder + "/floor.raw").c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  DOORSTEP_CHECK(file >= 0);
  const std::string commit((load.entryBytes + 32 + 64 + 24) * load.entriesPerCommit, 'r');
  const Stopwatch watch;
  for (std::size_t i = 0; i < load.entries; i += load.entriesPerCommit) {
    DOORSTEP_CHECK(write(file, commit.data(), commit.size()) ==
                   static_cast<ssize_t>(commit.size()));
    DOORSTEP_CHECK(fdatasync(file) == 0);
  }
  const double perSecond = static_cast<double>(load.entries) / watch.seconds();
  close(file);
  return perSecond;
}

}  // namespace doorstep::bench
