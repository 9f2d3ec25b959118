// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "doorstep/records/v1/measures_service.pb.h"
#include "shared/visits/measures/recomputation.h"
#include "sync-server/identity/access_log.h"
#include "sync-server/records/listing/record_query.h"
#include "sync-server/records/pseudonyms.h"
#include "sync-server/records/records_reader.h"

namespace doorstep::records {

// Everything that can be asked for: measures, dimensions, spreads. Pure.
v1::ListMeasuresResponse listMeasures();

// How far beyond the days asked about a visit can matter to a figure of them: to a bill that spans
// a week or month, or to a stay and the next call of a day where the plan that judges is not the
// one that dates the visit. Days, at least 1. Pure.
measures::DayNumber reachDays(const roster::Contract& contract);

// The visits behind a figure: a page of them.
struct MeasureVisitPage {
  v1::ListMeasureVisitsResponse response;  // without its page token
  std::optional<RecordPlace> next;
  std::vector<identity::Look> looks;  // to be recorded before the page is shown: one per person
};

// A contract's figures over a time, for one caller: the stored facts of its visits, classified and
// billed by the code that doorstep-recompute runs over the exported file, so that both give the
// same. A bill or a stay may reach beyond the time asked about: visits around it are read as far as
// the contract's rules let them matter. Visits must have been settled (record_keeper.h). Memory:
// some 2 KB a visit, at most kMeasureVisitsMax. Used for one reading, whose parts outlive it.
// Thread: the connection's.
class MeasureReading {
 public:
  // by: dimensions to group by. Errors: those that MeasuresService documents.
  static Result<std::unique_ptr<MeasureReading>> open(const Reading& reading,
                                                      const v1::MeasureFilter& filter,
                                                      const std::vector<std::string>& by);

  // ids: empty for all.
  Result<v1::GetMeasuresResponse> figures(const std::vector<std::string>& ids) const;
  Result<v1::GetSpreadResponse> spread(const std::string& name) const;
  Result<MeasureVisitPage> visits(const std::string& measure, v1::MeasurePart part,
                                  const std::optional<RecordPlace>& after, std::uint32_t size);

  const roster::Contract& contract() const { return contract_; }
  const measures::Recomputation& recomputation() const { return *recomputation_; }
  // Groups of the filter, by the values of the dimensions asked for.
  std::map<std::vector<std::string>, const measures::Group*> groups() const;
  // Visits of the filter's contract, provider and days, whatever its dimensions choose.
  std::set<VisitId> visitsOfDays() const;

 private:
  struct Ids {
    ProviderId provider;
    VisitId visit;
    PersonId person;
  };
  explicit MeasureReading(const Reading& reading)
      : reading_(reading), pseudonyms_(reading.pseudonymKey) {}
  Status choose(const v1::MeasureFilter& filter, const std::vector<std::string>& by);
  Status read(const v1::MeasureFilter& filter);
  Result<v1::Completeness> completeness() const;
  Result<v1::MeasureVisit> message(const measures::ClassifiedVisit& visit,
                                   const measures::Measure& measure);
  const Ids& idsOf(const measures::ClassifiedVisit& visit) const;

  const Reading reading_;
  Pseudonyms pseudonyms_;
  roster::Contract contract_;
  std::size_t byCount_ = 0;  // of query_.by; the others are those of the filter
  std::vector<std::string> where_;
  measures::MeasureInput input_;
  measures::MeasureQuery query_;
  std::vector<Ids> ids_;  // of input_.visits
  std::unique_ptr<measures::Recomputation> recomputation_;
};

}  // namespace doorstep::records
