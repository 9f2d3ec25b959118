// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "doorstep/records/v1/rules_service.pb.h"
#include "sync-server/identity/access_log.h"
#include "sync-server/records/records_reader.h"

namespace doorstep::records {

// Previews of RulesService without the transport. Nothing is written, and of the visits a few
// people's are in memory at a time (people_reader.h). Errors of all: those of versionsToChange
// (rules_reader.h) and wire::readRules, DAY_FORMAT, DAYS_REVERSED, DAYS_TOO_MANY,
// VISITS_TOO_MANY, the database's and its stopWhen's. Thread: the connection's.

// Where a list of a preview's visits goes on: behind this visit; visit 0: at the person's first.
struct PersonVisitPlace {
  ProviderId provider;
  PersonId person;
  std::int64_t anchorUnixMs = 0;
  VisitId visit;
};

struct PreviewAnswer {
  v1::RulesPreview preview;  // without page tokens
  // Of each of its classes, where a visit of it is found first.
  std::vector<PersonVisitPlace> firsts;
};

// done of all visits are judged; called every kPreviewStepVisits, with a number that only grows.
// An error ends the preview and is returned.
using PreviewProgress = std::function<Status(std::uint64_t done, std::uint64_t all)>;

// Cost: the visits of the days, some 9 us of a core each. A draft with faults is answered with
// them.
Result<PreviewAnswer> previewRules(const Reading& reading, const v1::PreviewRulesRequest& request,
                                   const PreviewProgress& progress);

struct RuledVisitPage {
  v1::ListRuledVisitsResponse response;  // without its page token
  std::optional<PersonVisitPlace> next;
  std::vector<identity::Look> looks;  // to be recorded before the page is shown: one per person
};
// At most size visits, of people with kVisitsPerPageMax visits. Errors besides: CLASS_UNKNOWN,
// RULES_REFUSED (a draft with faults).
Result<RuledVisitPage> listRuledVisits(const Reading& reading,
                                       const v1::ListRuledVisitsRequest& request,
                                       const std::optional<PersonVisitPlace>& after,
                                       std::uint32_t size);

}  // namespace doorstep::records
