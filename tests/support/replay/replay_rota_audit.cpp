// SPDX-License-Identifier: Apache-2.0
#include "tests/support/replay/replay_rota_audit.h"

#include <cstdio>
#include <set>
#include <tuple>

#include "doorstep/monitoring/v1/board_service.pb.h"
#include "doorstep/records/v1/records_service.pb.h"
#include "tests/support/replay/replay_rota_proofs.h"

namespace doorstep::replay {
namespace {

namespace monitoring = doorstep::monitoring::v1;
namespace records = doorstep::records::v1;

// What makes a tap the same on the phone and on the server.
// Carer, visit, what, Unix ms.
using TapKey = std::tuple<std::uint64_t, std::uint64_t, Tap, std::int64_t>;

// What the server shows of the rota's visits.
class ShownEvents {
 public:
  void add(std::uint64_t visitId, const monitoring::VisitEvent& shown) {
    if (!numbers_.emplace(shown.device_id(), shown.event_number()).second)
      ++duplicates_;
    const bool in = shown.fact().has_checked_in();
    if (!in && !shown.fact().has_checked_out())
      return;
    const Tap tap = in ? Tap::CheckIn : Tap::CheckOut;
    times_[{shown.carer_id(), visitId, tap, shown.wall_unix_ms()}] = shown.time();
  }

  const monitoring::TrustedTime* find(const TapKey& key) const {
    const auto found = times_.find(key);
    return found == times_.end() ? nullptr : &found->second;
  }
  std::uint64_t duplicates() const { return duplicates_; }

 private:
  std::map<TapKey, monitoring::TrustedTime> times_;
  std::set<std::pair<std::uint64_t, std::uint64_t>> numbers_;
  std::uint64_t duplicates_ = 0;
};

bool contains(const monitoring::TrustedTime& time, std::int64_t trueUnixMs) {
  return time.time_class() == monitoring::TIME_CLASS_ANCHORED &&
         time.earliest_unix_ms() <= trueUnixMs && trueUnixMs <= time.latest_unix_ms();
}

Status readTotals(Api& api, std::uint64_t providerId, AuditFigures& figures) {
  records::GetTotalsRequest request;
  request.mutable_filter()->set_provider_id(providerId);
  records::GetTotalsResponse response;
  DOORSTEP_TRY(api.call("doorstep.records.v1.RecordsService/GetTotals", request, response));
  const records::Totals& totals = response.totals();
  figures.visits = totals.visits();
  figures.carerVisits = totals.carer_visits();
  figures.doubleHandedVisits = totals.double_handed_visits();
  figures.totalLateMs = totals.total_late_ms();
  figures.highestLateMs = totals.highest_late_ms();
  return kDone;
}

Status readEvents(Api& api, std::uint64_t providerId,
                  const std::map<std::string, std::uint64_t>& visits, ShownEvents& shown) {
  for (const auto& [ref, visitId] : visits) {
    monitoring::GetVisitRequest request;
    request.set_provider_id(providerId);
    request.set_visit_id(visitId);
    monitoring::GetVisitResponse response;
    DOORSTEP_TRY(api.call("doorstep.monitoring.v1.BoardService/GetVisit", request, response));
    for (const monitoring::VisitEvent& event : response.events())
      shown.add(visitId, event);
  }
  return kDone;
}

Status readProofs(Api& api, std::uint64_t providerId,
                  const std::map<std::string, std::uint64_t>& visits, ProofBook& book) {
  for (const auto& [ref, visitId] : visits) {
    records::GetVisitProofsRequest request;
    request.set_provider_id(providerId);
    request.set_visit_id(visitId);
    records::GetVisitProofsResponse response;
    DOORSTEP_TRY(api.call("doorstep.records.v1.RecordsService/GetVisitProofs", request, response));
    for (const records::EntryProof& proof : response.proofs()) {
      if (const Status verified = book.add(proof, response.log_verifier_key()); !verified.ok())
        std::fprintf(stderr, "proof of entry %llu of device %llu: %s\n",
                     static_cast<unsigned long long>(proof.n()),
                     static_cast<unsigned long long>(proof.device_id()),
                     verified.error().text.c_str());
    }
  }
  return kDone;
}

}  // namespace

Result<std::map<std::string, std::uint64_t>> listVisits(Api& api, std::uint64_t providerId) {
  std::map<std::string, std::uint64_t> visits;
  records::ListVisitRecordsRequest request;
  request.mutable_filter()->set_provider_id(providerId);
  request.set_page_size(1000);
  do {
    records::ListVisitRecordsResponse response;
    DOORSTEP_TRY(
        api.call("doorstep.records.v1.RecordsService/ListVisitRecords", request, response));
    for (const records::VisitRecord& record : response.records())
      visits[record.visit_ref()] = record.visit_id();
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return visits;
}

Result<AuditFigures> audit(Api& api, std::uint64_t providerId,
                           const std::map<std::string, std::uint64_t>& visits,
                           const std::map<std::string, Enrolment>& enrolments,
                           const std::vector<PlannedTap>& taps) {
  AuditFigures figures;
  DOORSTEP_TRY(readTotals(api, providerId, figures));
  ShownEvents shown;
  DOORSTEP_TRY(readEvents(api, providerId, visits, shown));
  figures.duplicates = shown.duplicates();
  for (const PlannedTap& tap : taps) {
    const auto* time = shown.find(
        {enrolments.at(tap.carerRef).carerId, visits.at(tap.visitRef), tap.tap, tap.unixMs});
    if (time == nullptr)
      ++figures.missing;
    else if (!contains(*time, tap.unixMs))
      ++figures.outsideInterval;
  }
  ProofBook book;
  DOORSTEP_TRY(readProofs(api, providerId, visits, book));
  figures.proofsVerified = book.verified();
  DOORSTEP_ASSIGN(figures.logSize, book.checkAgainstLog(api, providerId));
  return figures;
}

}  // namespace doorstep::replay
