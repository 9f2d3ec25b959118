// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/evidence/proof_maker.h"

#include <map>

#include "sync-server/projections/attendance_store.h"
#include "sync-server/records/evidence/entry_proof.h"

namespace doorstep::records {
namespace {

// Caches for each visit of an entry whether the caller may see it.
class Sight {
 public:
  explicit Sight(const MaySeeVisit& maySee) : maySee_(maySee) {}
  // Events about other subjects are not disclosed yet.
  Result<bool> mayShow(const visits::Event& event) {
    if (!event.visit)
      return false;
    const auto found = answers_.find(event.visit);
    if (found != answers_.end())
      return found->second;
    DOORSTEP_ASSIGN(const bool allowed, maySee_(event.visit));
    answers_.emplace(event.visit, allowed);
    return allowed;
  }

 private:
  const MaySeeVisit& maySee_;
  std::map<VisitId, bool> answers_;
};

}  // namespace

Result<std::vector<v1::EntryProof>> makeVisitProofs(sql::Database& database,
                                                    event_log::EventLog& log, ProviderId provider,
                                                    VisitId visit, const MaySeeVisit& maySee) {
  std::vector<v1::EntryProof> proofs;
  DOORSTEP_ASSIGN(const auto positions, projections::visitEntries(database, provider, visit));
  if (positions.empty())
    return proofs;
  DOORSTEP_ASSIGN(const auto prover, EntryProver::open(database, log, provider));
  for (const std::uint64_t position : positions) {
    DOORSTEP_TRY(database.goOn());
    if (position >= prover.size())
      continue;  // committed after the checkpoint was read; it is in the next one
    DOORSTEP_ASSIGN(const auto stored, prover.entry(position));
    Sight sight(maySee);
    DOORSTEP_ASSIGN(proofs.emplace_back(), prover.prove(stored, [&](const visits::Event& event) {
      return sight.mayShow(event);
    }));
  }
  return proofs;
}

}  // namespace doorstep::records
