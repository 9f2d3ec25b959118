// SPDX-License-Identifier: Apache-2.0
// A commit whose answer was lost is neither done nor undone: what the log remembers is read again.
#include <catch2/catch.hpp>

#include "shared/crypto/sha256.h"
#include "sync-server/event_log/schema.h"
#include "sync-server/event_log/sql_event_log.h"
#include "tests/support/disk/passing_database.h"
#include "tests/support/test_database.h"

namespace doorstep::event_log {
namespace {

constexpr ProviderId kProvider{3};
constexpr DeviceId kDevice{77};

enum class Lost { No, Commit, Answer };

// Loses COMMIT on its way, or its answer.
class LossyDatabase final : public support::PassingDatabase {
 public:
  LossyDatabase(sql::Database under, const Lost& lost)
      : PassingDatabase(std::move(under)), lost_(lost) {}
  Status commit() override {
    if (lost_ == Lost::Commit)
      rollback();
    else
      DOORSTEP_TRY(PassingDatabase::commit());
    if (lost_ == Lost::No)
      return kDone;
    return Error{ErrorCode::Unavailable, "PG_CONNECTION", "the connection was lost"};
  }

 private:
  const Lost& lost_;
};

struct Place {
  Place() {
    auto options = database.storage();
    options.over = [this](sql::Database under) {
      return sql::Database(std::make_unique<LossyDatabase>(std::move(under), lost));
    };
    storage = storage::Storage::open(options).value();
    REQUIRE(migrate(storage->writer()).ok());
    log = SqlEventLog::open(*storage, signers).value();
  }

  // The device's next entry, as intake gives it to the log.
  Status append() {
    DOORSTEP_TRY(log->head(kProvider));
    DOORSTEP_ASSIGN(auto head, log->deviceHead(kProvider, kDevice));
    ++head.n;
    ++head.nextEventNumber;
    head.entryHash = crypto::sha256(std::to_string(head.n));
    Commit commit;
    commit.entries.push_back({.provider = kProvider,
                              .device = kDevice,
                              .carer = CarerId(40),
                              .n = head.n,
                              .entry = "entry " + std::to_string(head.n),
                              .entryHash = head.entryHash,
                              .arrivalHash = Hash{{9}},
                              .receivedUnixMs = 1'000});
    commit.heads.push_back({kProvider, kDevice, head});
    return log->commit(commit, []() -> Status { return kDone; });
  }

  Lost lost = Lost::No;
  support::TestDatabase database;
  LogSigners signers{"test.example", crypto::Ed25519PrivateKey::generate()};
  std::unique_ptr<storage::Storage> storage;
  std::unique_ptr<SqlEventLog> log;
};

TEST_CASE("a log goes on after a commit whose answer was lost, whether it was done or not") {
  const auto lost = GENERATE(Lost::Commit, Lost::Answer);
  const bool done = lost == Lost::Answer;
  Place place;
  REQUIRE(place.append().ok());
  place.lost = lost;
  CHECK(place.append().error().code == ErrorCode::Unavailable);
  place.lost = Lost::No;
  // What came back as an error is known, or comes again as new.
  CHECK(place.log->deviceHead(kProvider, kDevice)->n == (done ? 2 : 1));
  const auto held = place.log->held(kProvider, kDevice, 2, crypto::sha256(std::string_view("2")));
  CHECK(held->entry.has_value() == done);
  REQUIRE(place.append().ok());
  REQUIRE(place.append().ok());
  CHECK(place.log->publishedHead(kProvider)->size == (done ? 4 : 3));
  CHECK(place.log->entries(kProvider, 0, 10)->size() == (done ? 4 : 3));
  // What is remembered is what is there: the root of all entries is the one that was signed.
  CHECK(SqlEventLog::open(*place.storage, place.signers).ok());
}

TEST_CASE("a first commit of a provider whose answer was lost leaves a log that goes on") {
  const auto lost = GENERATE(Lost::Commit, Lost::Answer);
  Place place;
  place.lost = lost;
  CHECK_FALSE(place.append().ok());
  place.lost = Lost::No;
  REQUIRE(place.append().ok());
  CHECK(place.log->publishedHead(kProvider)->size == 1);
}

}  // namespace
}  // namespace doorstep::event_log
