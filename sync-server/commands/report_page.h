// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <string_view>

#include "doorstep/records/v1/report.pb.h"
#include "shared/core/result.h"

namespace doorstep::commands {

// Lists of measures that the page knows; the first is printed when none is named.
constexpr std::array<std::string_view, 8> kReportPacks{
    "plain_15_15", "qs123",      "essex_kpi3", "central_bedfordshire",
    "wales_s8",    "continuity", "evidence",   "all"};

// The page writes it to its console when the report stands on it.
constexpr std::string_view kReportReady = "doorstep-report-ready";

// The page that prints a report: one file that holds the dashboard's script and style for it, the
// report as base64, and a policy under which nothing else runs or is fetched, so that no text of
// the data can become script. Errors FAILED_PRECONDITION: PAGES_MISSING, PAGES_DAMAGED; the text
// says what to do. Thread: any.
Result<std::string> reportPage(const std::filesystem::path& pagesFolder,
                               const records::v1::MonthReport& report);

}  // namespace doorstep::commands
