// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/app/scripted_server.h"

#include <algorithm>

#include "shared/evidence/entry_chain.h"
#include "shared/evidence/log_extension.h"
#include "shared/wire/entry_codec.h"
#include "shared/wire/plan_codec.h"

namespace doorstep::test {
namespace {

namespace pb = doorstep::sync::v1;

constexpr std::int64_t kReceivedAgoMs = 7;

evidence::NoteSigner makeSigner(std::uint64_t seed) {
  std::string raw(32, '\0');
  raw[0] = static_cast<char>(seed);
  auto key = crypto::Ed25519PrivateKey::fromRaw(raw);
  DOORSTEP_CHECK(key.ok());
  return {"example.org/log/1", std::move(key).value()};
}

}  // namespace

ScriptedServer::ScriptedServer(std::uint64_t seed)
    : nowUnixMs(1'795'420'800'000), signer_(makeSigner(seed)) {}

Hash ScriptedServer::subtreeHash(const evidence::Subtree& subtree) const {
  if (subtree.level == 0)
    return leaves_.at(subtree.index);
  return evidence::nodeHash(subtreeHash({subtree.level - 1, subtree.index * 2}),
                            subtreeHash({subtree.level - 1, subtree.index * 2 + 1}));
}

void ScriptedServer::answerEntry(DeviceId device, const std::string& bytes,
                                 const std::string& clock, pb::EntryVerdict& verdict) {
  const auto opened = wire::openEntry(bytes);
  DOORSTEP_CHECK(opened.ok());
  const std::uint64_t n = opened->decoded.entry.n;
  auto& held = devices_[device];
  if (held.contains(n)) {
    const bool same = held[n] == bytes;
    verdict.set_verdict(same ? pb::VERDICT_ALREADY_KNOWN : pb::VERDICT_QUARANTINED);
    if (!same)
      verdict.set_reason(pb::QUARANTINE_REASON_FORK);
    else if (positions_.contains({device, n})) {
      verdict.set_position(positions_[{device, n}]);
      verdict.mutable_arrival()->set_received_unix_ms(arrivals_[{device, n}].receivedUnixMs);
      verdict.mutable_arrival()->set_clock(arrivals_[{device, n}].clock);
    }
    return;
  }
  if (n != heldN(device) + 1) {
    verdict.set_verdict(pb::VERDICT_QUARANTINED);
    verdict.set_reason(pb::QUARANTINE_REASON_GAP);
    return;
  }
  held[n] = bytes;
  const bool quarantined = std::exchange(quarantineNext, 0) != 0;
  if (quarantined) {
    verdict.set_verdict(pb::VERDICT_QUARANTINED);
    verdict.set_reason(quarantineInLog ? pb::QUARANTINE_REASON_UNKNOWN_VISIT
                                       : pb::QUARANTINE_REASON_CHAIN_BROKEN);
  } else {
    verdict.set_verdict(pb::VERDICT_ACCEPTED);
  }
  if (quarantined && !quarantineInLog)
    return;
  positions_[{device, n}] = leaves_.size();
  verdict.set_position(leaves_.size());
  const evidence::Arrival arrival{nowUnixMs - kReceivedAgoMs, clock};
  arrivals_[{device, n}] = arrival;
  leaves_.push_back(evidence::leafHash(
      evidence::leafData(opened->evidence.hash(device),
                         evidence::arrivalHash(opened->evidence.arrivalSalt, arrival))));
}

pb::ExchangeResponse ScriptedServer::exchange(DeviceId device, const pb::ExchangeRequest& request) {
  nowUnixMs += 20;
  pb::ExchangeResponse response;
  for (const auto& entry : request.entries())
    answerEntry(device, entry, request.clock(), *response.add_verdicts());
  response.set_held_n(heldN(device));
  response.set_server_time_unix_ms(nowUnixMs);
  response.set_received_ago_ms(kReceivedAgoMs);

  const std::uint64_t size = leaves_.size();
  const std::uint64_t from = request.held_log_size() <= size ? request.held_log_size() : 0;
  const evidence::SubtreeHashes hashes = [this](const evidence::Subtree& subtree) -> Result<Hash> {
    return subtreeHash(subtree);
  };
  std::vector<std::uint64_t> own;
  bool anyPosition = false;
  pb::LogExtension log;
  for (const auto& verdict : response.verdicts()) {
    if (!verdict.has_position())
      continue;
    anyPosition = true;
    if (verdict.position() >= from) {
      own.push_back(verdict.position());
      continue;
    }
    auto proof = evidence::inclusionProof(verdict.position(), size, hashes);
    DOORSTEP_CHECK(proof.ok());
    for (auto* bytes = log.add_older_inclusion_proofs(); const Hash& hash : *proof)
      bytes->append(hash.view());
  }
  std::sort(own.begin(), own.end());
  if (anyPosition || size != request.held_log_size()) {
    auto bytes = evidence::makeLogExtension(from, size, own, hashes);
    DOORSTEP_CHECK(bytes.ok());
    evidence::Frontier frontier;
    for (const Hash& leaf : leaves_)
      frontier.append(leaf);
    log.set_from_size(from);
    log.set_size(size);
    log.set_subtree_hashes(*bytes);
    log.set_checkpoint_signature(
        signer_.sign(evidence::checkpointText({signer_.verifier().name(), size, frontier.root()})));
    *response.mutable_log() = log;
  }
  answerPlan(request.plan_cursor(), response);
  return response;
}

void ScriptedServer::answerPlan(std::uint64_t cursor, pb::ExchangeResponse& response) {
  if (cursor == changes_.size())
    return;
  Changes& plan = *response.mutable_plan();
  if (cursor > changes_.size()) {
    plan.set_reset(true);
    cursor = 0;
  }
  const std::size_t end = std::min(changes_.size(), static_cast<std::size_t>(cursor) + pageSize);
  for (std::size_t i = cursor; i < end; ++i)
    *plan.add_changes() = changes_[i];
  plan.set_next_cursor(end);
  plan.set_plan_version(end);
  plan.set_has_more(end < changes_.size());
  if (plan.has_more())
    return;
  wire::ScopeHash scope;
  for (const auto& [key, object] : objects_)
    scope.add(object);
  plan.set_scope_count(scope.count() + (wrongScopeHash ? 1 : 0));
  plan.set_scope_hash(scope.bytes());
}

void ScriptedServer::change(doorstep::roster::v1::PlanChange change) {
  changes_.push_back(std::move(change));
}

void ScriptedServer::plan(doorstep::roster::v1::PlanObject object) {
  doorstep::roster::v1::PlanChange made;
  *made.mutable_object() = object;
  objects_[{object.kind(), object.id()}] = std::move(object);
  change(std::move(made));
}

void ScriptedServer::plan(const visits::Person& person) { plan(wire::planObject(person)); }
void ScriptedServer::plan(const visits::PlannedVisit& visit) { plan(wire::planObject(visit)); }

void ScriptedServer::unplan(std::uint32_t kind, std::uint64_t id) {
  objects_.erase({kind, id});
  doorstep::roster::v1::PlanChange made;
  made.mutable_removed()->set_kind(kind);
  made.mutable_removed()->set_id(id);
  change(std::move(made));
}

void ScriptedServer::unplan(VisitId visit) { unplan(wire::kVisitKind, visit.value); }

void ScriptedServer::planDay(int count) {
  for (int i = 1; i <= count; ++i) {
    visits::Person person;
    person.id = PersonId(static_cast<std::uint64_t>(i));
    person.ref = "P" + std::to_string(i);
    person.name = "Person " + std::to_string(i);
    person.accessNote = "Blue door";
    person.latitudeDeg = 52.6369;
    person.longitudeDeg = -1.1398;
    plan(person);
    visits::PlannedVisit visit;
    visit.id = VisitId(static_cast<std::uint64_t>(100 + i));
    visit.ref = "V" + std::to_string(i);
    visit.person = person.id;
    visit.service = "personal care";
    visit.windowStartUnixMs = 1'795'420'800'000 + (i - 1) * 3'600'000LL;
    visit.windowEndUnixMs = visit.windowStartUnixMs + 900'000;
    visit.durationMin = 30;
    visit.slots.push_back({1, CarerId(70), "Ana"});
    visit.tasks.push_back({1, "PC01", "Wash", true});
    visit.tasks.push_back({2, "PC02", "Breakfast", false});
    visit.planVersion = 1;
    plan(visit);
  }
}

void ScriptedServer::restore(const Backup& backup) {
  devices_ = backup.devices;
  positions_ = backup.positions;
  arrivals_ = backup.arrivals;
  leaves_ = backup.leaves;
}

void ScriptedServer::appendForeignLeaf(std::uint8_t seed) {
  Hash leaf;
  leaf.bytes.fill(seed);
  leaves_.push_back(leaf);
}

}  // namespace doorstep::test
