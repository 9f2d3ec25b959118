// SPDX-License-Identifier: Apache-2.0
#include "sync-server/intake/group_commit.h"

#include <catch2/catch.hpp>
#include <future>

#include "sync-server/intake/limits.h"
#include "tests/support/intake_fixture.h"

namespace doorstep::intake {
namespace {

using support::IntakeFixture;
using support::kVisit;
using support::SigningPhone;

// Counts the entries of each commit.
class CommitSizes final : public event_log::Projection {
 public:
  Status apply(std::span<const event_log::CommittedEntry> entries) override {
    std::size_t events = 0;
    for (const auto& entry : entries)
      events += entry.entry.events.size();
    sizes.push_back(events);
    return kDone;
  }
  Status clear() override { return kDone; }
  std::vector<std::size_t> sizes;
};

// A storage with a writer thread, and the log on it.
struct ThreadedServer {
  ThreadedServer() {
    auto opened = storage::Storage::open(place.storage(false));
    REQUIRE(opened.ok());
    storage = std::move(opened).value();
    REQUIRE(event_log::migrate(storage->writer()).ok());
    auto openedLog = event_log::SqlEventLog::open(*storage, signers);
    REQUIRE(openedLog.ok());
    log = std::move(openedLog).value();
    auto contacts = event_log::ContactWriter::prepare(storage->writer());
    REQUIRE(contacts.ok());
    pipeline = std::make_unique<CommitPipeline>(CommitPipeline::Parts{
        .log = *log,
        .contacts = std::move(contacts).value(),
        .knowsVisit = [](ProviderId, VisitId) -> Result<bool> { return true; },
        .projections = {&sizes},
        .contactObservers = {}});
    commits = std::make_unique<GroupCommit>(*storage, *pipeline);
  }
  support::TestDatabase place;
  event_log::LogSigners signers{"test.example", crypto::Ed25519PrivateKey::generate()};
  CommitSizes sizes;
  std::unique_ptr<storage::Storage> storage;
  std::unique_ptr<event_log::SqlEventLog> log;
  std::unique_ptr<CommitPipeline> pipeline;
  std::unique_ptr<GroupCommit> commits;
};

TEST_CASE(
    "what queues during a commit goes into the next one together, up to the cap, and all is "
    "answered") {
  IntakeFixture maker;  // only to read requests
  ThreadedServer server;
  std::promise<void> open;
  auto gate = open.get_future();
  server.storage->postToWriter([&] { gate.wait(); });

  constexpr std::size_t kPhones = 60;
  constexpr std::size_t kEventsEach = 100;
  std::vector<SigningPhone> phones;
  std::vector<std::promise<Outcome>> answers(kPhones);
  for (std::size_t i = 0; i < kPhones; ++i) {
    phones.emplace_back(i + 1, 3, 40);
    auto submission = maker.submission(phones[i], {phones[i].record(kVisit, kEventsEach)});
    const Status queued = server.commits->submit(
        std::move(submission),
        [&, i](Submission&&, Outcome&& outcome) { answers[i].set_value(std::move(outcome)); });
    REQUIRE(queued.ok());
  }
  open.set_value();
  for (auto& answer : answers)
    REQUIRE(answer.get_future().get().entries.at(0).verdict == Verdict::Accepted);
  server.storage->stop();
  REQUIRE(server.sizes.sizes == std::vector<std::size_t>(3, kEventsPerCommitMax));
}

TEST_CASE("after stop new exchanges are refused and queued ones are still answered") {
  IntakeFixture maker;
  ThreadedServer server;
  std::promise<void> open;
  auto gate = open.get_future();
  server.storage->postToWriter([&] { gate.wait(); });
  SigningPhone phone(1, 3, 40);
  std::promise<Outcome> answer;
  REQUIRE(
      server.commits
          ->submit(maker.submission(phone, {phone.record(kVisit)}),
                   [&](Submission&&, Outcome&& outcome) { answer.set_value(std::move(outcome)); })
          .ok());
  server.commits->stop();
  const Status refused =
      server.commits->submit(maker.submission(phone, {}), [](Submission&&, Outcome&&) { FAIL(); });
  REQUIRE(refused.error().reason == "SERVER_STOPPING");
  open.set_value();
  server.storage->stop();
  REQUIRE(answer.get_future().get().status.ok());
}

}  // namespace
}  // namespace doorstep::intake
