// SPDX-License-Identifier: Apache-2.0
#include "sync-server/intake/commit_pipeline.h"

#include <catch2/catch.hpp>

#include "doorstep/sync/v1/sync_service.pb.h"
#include "shared/wire/arrival_codec.h"
#include "sync-server/event_log/contacts.h"
#include "sync-server/intake/limits.h"
#include "tests/support/intake_fixture.h"

namespace doorstep::intake {
namespace {

using support::IntakeFixture;
using support::kVisit;
using support::SigningPhone;

// Remembers what it was told and fails when it is asked to.
class RecordingProjection final : public event_log::Projection {
 public:
  Status apply(std::span<const event_log::CommittedEntry> entries) override {
    for (const auto& entry : entries) {
      CHECK(entry.stored.n == entry.entry.n);
      positions.push_back(entry.stored.position);
    }
    if (fails)
      return Error{ErrorCode::ResourceExhausted, "DISK_FULL", "as asked"};
    return kDone;
  }
  void committed() override { ++commits; }
  void takenBack() override { ++takeBacks; }
  Status clear() override { return kDone; }

  std::vector<std::uint64_t> positions;
  bool fails = false;
  int commits = 0;
  int takeBacks = 0;
};

TEST_CASE(
    "projections see each entry of a commit once, in the order of the log, and then that it is "
    "durable") {
  RecordingProjection projection;
  IntakeFixture server({&projection});
  SigningPhone first(1, 3, 40);
  SigningPhone second(2, 3, 41);
  std::vector<Submission> submissions;
  submissions.push_back(server.submission(first, {first.record(kVisit), first.record(kVisit)}));
  submissions.push_back(server.submission(second, {second.record(kVisit)}));
  server.pipeline().commit(submissions);
  REQUIRE(projection.positions == std::vector<std::uint64_t>{0, 1, 2});
  REQUIRE(projection.commits == 1);
}

TEST_CASE("a commit that fails changes nothing, and the same submissions succeed afterwards") {
  RecordingProjection projection;
  IntakeFixture server({&projection});
  SigningPhone phone(1, 3, 40);
  const auto kept = phone.record(kVisit);
  REQUIRE(server.submit(phone, {kept}).status.ok());
  const auto before = server.log().publishedHead(ProviderId(3));

  const auto lost = phone.record(kVisit);
  projection.fails = true;
  auto raising = server.submission(phone, {lost});
  raising.heldLogSize = 1'000;
  const auto failed = std::move(server.pipeline().commit({&raising, 1}).front());
  REQUIRE(failed.status.error().reason == "COMMIT_FAILED");
  REQUIRE(failed.alarms.empty());  // none of it is durable
  REQUIRE(isRetryable(failed.status.error()));
  REQUIRE(projection.takeBacks == 1);
  REQUIRE(server.log().publishedHead(ProviderId(3))->checkpointNote == before->checkpointNote);
  REQUIRE(server.log().deviceHead(ProviderId(3), DeviceId(1))->n == 1);

  projection.fails = false;
  const auto outcome = server.submit(phone, {lost});
  REQUIRE(outcome.entries[0].verdict == Verdict::Accepted);
  REQUIRE(outcome.entries[0].position == 1U);
  server.restart();  // refuses a log whose entries do not have the signed root
  REQUIRE(server.log().publishedHead(ProviderId(3))->size == 2);
}

TEST_CASE("every exchange is a contact, also one without entries") {
  IntakeFixture server;
  SigningPhone phone(1, 3, 40);
  REQUIRE(server.submit(phone, {phone.record(kVisit)}).status.ok());
  auto empty = server.submission(phone, {});
  empty.planCursor = 17;
  empty.wallAheadMs = -2'000;
  empty.receivedUnixMs += 60'000;
  server.pipeline().commit({&empty, 1});
  auto lease = server.storage().read();
  const auto contact = event_log::readContact(*lease, ProviderId(3), DeviceId(1));
  REQUIRE(contact.ok());
  REQUIRE(contact->has_value());
  REQUIRE((*contact)->heardUnixMs == IntakeFixture::kReceivedUnixMs + 60'000);
  REQUIRE((*contact)->heldN == 1);
  REQUIRE((*contact)->planCursor == 17);
  REQUIRE((*contact)->wallAheadMs == -2'000);
  REQUIRE((*contact)->carer == CarerId(40));
}

TEST_CASE("an entry keeps the anchor of the exchange that brought it, and who recorded it") {
  IntakeFixture server;
  SigningPhone phone(1, 3, 40);
  auto shared = phone.next(kVisit);
  shared.carer = CarerId(99);
  REQUIRE(server.submit(phone, {phone.seal(shared), phone.record(kVisit)}).status.ok());
  const auto entries = server.log().entries(ProviderId(3), 0, 10);
  REQUIRE(entries->at(0).carer == CarerId(99));
  REQUIRE(entries->at(1).carer == CarerId(40));
  REQUIRE(entries->at(0).anchor.boot == 1);
  REQUIRE(entries->at(0).anchor.sentBootMs == 5'000);
  REQUIRE(entries->at(0).anchor.receivedUnixMs == IntakeFixture::kReceivedUnixMs);
}

TEST_CASE("an entry without an interval keeps when the newest entry came that it knows of") {
  IntakeFixture server;
  SigningPhone phone(1, 3, 40);
  REQUIRE(server.submit(phone, {phone.record(kVisit), phone.record(kVisit)}).status.ok());
  const Hash root = server.log().publishedHead(ProviderId(3))->root;
  const auto knowing = [&](std::uint64_t size, const Hash& of, std::optional<std::uint64_t> reply) {
    auto entry = phone.next(kVisit);
    entry.checkpointSize = size;
    entry.checkpointRootPrefix = std::string(of.view().substr(0, 16));
    auto submission = server.submission(phone, {phone.seal(entry)});
    doorstep::sync::v1::ClockReading clock;
    clock.set_boot(1);
    clock.set_sent_boot_ms(5'000);
    if (reply) {
      clock.set_reply_server_unix_ms(IntakeFixture::kReceivedUnixMs);
      clock.set_reply_age_ms(5'000 - *reply);
    }
    submission.receivedUnixMs += 60'000;
    submission.clock = clock.SerializeAsString();
    submission.anchor = wire::anchorOf({submission.receivedUnixMs, submission.clock});
    const auto outcome = std::move(server.pipeline().commit({&submission, 1}).front());
    REQUIRE(outcome.entries.at(0).verdict == Verdict::Accepted);
    return server.log().entries(ProviderId(3), *outcome.entries[0].position, 1)->front().anchor;
  };
  CHECK(knowing(2, root, std::nullopt).notBeforeUnixMs == IntakeFixture::kReceivedUnixMs);
  const Hash other = *hashFromBytes(std::string(32, 'x'));
  CHECK(knowing(2, other, std::nullopt).notBeforeUnixMs == 0);
  CHECK(knowing(1'000, root, std::nullopt).notBeforeUnixMs == 0);
  CHECK(knowing(UINT64_MAX, root, std::nullopt).notBeforeUnixMs == 0);
  CHECK(knowing(2, root, 4'000).notBeforeUnixMs == 0);
}

TEST_CASE("a device's exchange has a few checkpoints looked up, and every entry taken") {
  IntakeFixture server;
  SigningPhone phone(1, 3, 40);
  REQUIRE(server.submit(phone, {phone.record(kVisit), phone.record(kVisit)}).status.ok());
  const Hash root = server.log().publishedHead(ProviderId(3))->root;
  IntakeFixture::Entries entries;
  for (std::size_t i = 0; i <= kCheckpointLookUpsMax; ++i) {
    auto entry = phone.next(kVisit);
    entry.checkpointSize = i == kCheckpointLookUpsMax ? 2 : 1'000 + i;
    entry.checkpointRootPrefix = std::string(root.view().substr(0, 16));
    entries.push_back(phone.seal(entry));
  }
  for (const auto& outcome : server.submit(phone, entries).entries)
    CHECK(outcome.verdict == Verdict::Accepted);
  const auto kept = server.log().entries(ProviderId(3), 2, 10);
  CHECK(kept->back().anchor.notBeforeUnixMs == 0);
}

TEST_CASE(
    "a phone that held more of the log than there is raises an alarm, a bounded number of times") {
  IntakeFixture server;
  SigningPhone phone(1, 3, 40);
  for (int i = 0; i < 40; ++i) {
    auto submission = server.submission(phone, {});
    submission.heldLogSize = 1'000;
    submission.contradictedCheckpoint = "an older signed note";
    REQUIRE(server.pipeline().commit({&submission, 1}).front().status.ok());
  }
  auto lease = server.storage().read();
  auto statement = lease->prepare("SELECT count(DISTINCT kind), count(*) FROM alarm");
  REQUIRE(statement->step().ok());
  REQUIRE(statement->columnInt(0) == 2);
  REQUIRE(statement->columnInt(1) == 16);
}

TEST_CASE("logs of two providers have positions and checkpoints of their own") {
  IntakeFixture server;
  SigningPhone first(1, 3, 40);
  SigningPhone second(2, 4, 41);
  std::vector<Submission> submissions;
  submissions.push_back(server.submission(first, {first.record(kVisit)}));
  submissions.push_back(server.submission(second, {second.record(kVisit)}));
  const auto outcomes = server.pipeline().commit(submissions);
  REQUIRE(outcomes[0].entries[0].position == 0U);
  REQUIRE(outcomes[1].entries[0].position == 0U);
  REQUIRE(outcomes[0].log.origin == "test.example/log/3");
  REQUIRE(outcomes[1].log.origin == "test.example/log/4");
}

}  // namespace
}  // namespace doorstep::intake
