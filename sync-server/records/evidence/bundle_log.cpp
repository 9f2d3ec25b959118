// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/evidence/bundle_log.h"

#include <fmt/format.h>

#include "shared/crypto/sha256.h"
#include "shared/wire/entry_codec.h"

namespace doorstep::records {

BundleLog::BundleLog(sql::Database& database, ProviderId provider, EntryProver prover,
                     BundleFolder& folder)
    : database_(database),
      folder_(folder),
      provider_(provider),
      prover_(std::move(prover)),
      decisions_(database, provider, prover_),
      plans_(database, provider, prover_) {
  plans_.keepForMany();
}

Result<BundleLog> BundleLog::open(sql::Database& database, event_log::EventLog& log,
                                  ProviderId provider, BundleFolder& folder) {
  DOORSTEP_ASSIGN(auto prover, EntryProver::open(database, log, provider));
  return BundleLog(database, provider, std::move(prover), folder);
}

Status BundleLog::nameBound(const event_log::StoredEntry& stored) {
  if (stored.anchor.notBeforeUnixMs == 0 || stored.entry.empty())
    return kDone;
  DOORSTEP_ASSIGN(const auto decoded, wire::decodeEntry(stored.entry));
  named_.insert(decoded.entry.checkpointSize - 1);
  return kDone;
}

Result<bool> BundleLog::addEntry(std::uint64_t position, const MayShowEvent& mayShow) {
  if (!entries_.insert(position).second)
    return false;
  DOORSTEP_TRY(database_.goOn());
  DOORSTEP_ASSIGN(const auto stored, prover_.entry(position));
  DOORSTEP_ASSIGN(const auto proof, prover_.prove(stored, mayShow));
  DOORSTEP_TRY(nameBound(stored));
  DOORSTEP_TRY(folder_.add(fmt::format("entries/{}-{}.tlog-proof", provider_.value, position),
                           proof.tlog_proof()));
  return true;
}

Result<std::string> BundleLog::addPriorStart(const event_log::StoredEntry& stored,
                                             std::uint64_t number) {
  std::string name =
      fmt::format("priors/{}-{}-{}.tlog-proof", provider_.value, stored.position, number);
  if (!files_.insert(name).second)
    return name;
  DOORSTEP_ASSIGN(const auto proof,
                  prover_.prove(stored, [&](const visits::Event& event) -> Result<bool> {
                    return event.number == number;
                  }));
  DOORSTEP_TRY(nameBound(stored));
  DOORSTEP_TRY(folder_.add(name, proof.tlog_proof()));
  return name;
}

Result<std::string> BundleLog::addDecision(const v1::EntryProof& decision) {
  // An entry may show one decision in one file and another in the next.
  const std::string hash = toHex(crypto::sha256(decision.tlog_proof()).view()).substr(0, 16);
  std::string name =
      fmt::format("decisions/{}-{}-{}.tlog-proof", provider_.value, decision.position(), hash);
  if (files_.insert(name).second)
    DOORSTEP_TRY(folder_.add(name, decision.tlog_proof()));
  return name;
}

Result<v1::EntryProof> BundleLog::prove(const event_log::DecisionKey& key) const {
  DOORSTEP_ASSIGN(const auto decision, decisions_.find(key));
  if (!decision)
    return decisionNotLogged();
  return decisions_.prove(*decision);
}

Status BundleLog::finish() {
  const auto nothing = [](const visits::Event&) -> Result<bool> { return false; };
  for (const std::uint64_t position : std::set<std::uint64_t>(named_))
    DOORSTEP_TRY(addEntry(position, nothing));
  return kDone;
}

}  // namespace doorstep::records
