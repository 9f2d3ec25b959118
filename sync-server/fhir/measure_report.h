// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "doorstep/records/v1/measures_service.pb.h"
#include "sync-server/fhir/terms.h"

namespace doorstep::fhir {

// What a report is about, and who says it.
struct ReportScope {
  ContractId contract;
  CouncilId council;
  std::string councilName;
  std::optional<ProviderId> provider;  // absent: all of the contract
  std::string providerName;
  std::string firstDay, lastDay;  // "2026-11-23", inclusive
};

// The figures of one answer of MeasuresService that is not grouped, each as a MeasureReport of type
// summary with one group: exact numerator and denominator, counts of populations where they are
// counts, and a score where the denominator is positive. The shares of funders are one report, and
// so are the visits by what became of them. An answer without a group gives none. By id. Pure.
std::vector<Json> measureReports(const ReportScope& scope,
                                 const doorstep::records::v1::GetMeasuresResponse& answer);

}  // namespace doorstep::fhir
