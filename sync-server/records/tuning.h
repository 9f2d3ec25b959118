// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace doorstep::records {

constexpr std::uint32_t kPageSizeDefault = 200;
constexpr std::uint32_t kPageSizeMax = 1'000;
// Visits of one provider that are read at a time.
constexpr std::uint32_t kVisitsPerRead = 200;
// Visits that one page looks at before it is handed out half full: a filter by punctuality may find
// nothing in a year, and a page must come back in a second.
constexpr std::uint32_t kVisitsPerPageMax = 20'000;
// Records in one piece of an export: some 100 KB of CSV.
constexpr std::uint32_t kExportPieceRecords = 500;
// Distinct people whose names, refs and lots a query remembers; then it forgets them all.
constexpr std::size_t kPeopleRememberedMax = 50'000;

// Bins of the lateness histogram: five minutes wide, from two hours early to four hours late; the
// outermost two take the rest.
constexpr std::int32_t kBinMin = 5;
constexpr std::int32_t kFirstBinMin = -120;
constexpr std::int32_t kLastBinMin = 240;

}  // namespace doorstep::records
