// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace doorstep::records {

constexpr std::uint32_t kPageSizeDefault = 200;
constexpr std::uint32_t kPageSizeMax = 1'000;
// Visits of one provider read at a time.
constexpr std::uint32_t kVisitsPerRead = 200;
// Visits examined for one page before it is returned partly filled: a filter by punctuality may
// find nothing in a year, and a page must return within a second.
constexpr std::uint32_t kVisitsPerPageMax = 20'000;
// The same of adjustments.
constexpr std::uint32_t kAdjustmentsPerPageMax = 20'000;
// The same of exports that were made.
constexpr std::uint32_t kExportsPerPageMax = 20'000;
// Records in one part of an export: about 100 KB of CSV.
constexpr std::uint32_t kExportPieceRecords = 500;
// Distinct people cached by a query (names, refs, lots); then the cache is cleared.
constexpr std::size_t kPeopleRememberedMax = 50'000;

// Bins of the lateness histogram: five minutes wide, from two hours early to four hours late; the
// outermost two include everything beyond.
constexpr std::int32_t kBinMin = 5;
constexpr std::int32_t kFirstBinMin = -120;
constexpr std::int32_t kLastBinMin = 240;

// Visits of one question about figures: the month of a county with 20,000 hours of care a week.
// They are in memory while it is answered, about 2 KB each; one such question runs at a time.
constexpr std::size_t kMeasureVisitsMax = 250'000;
constexpr std::size_t kGroupedByMax = 3;
// Groups times measures of one answer: about 2 MB.
constexpr std::size_t kFiguresMax = 50'000;
// Days of a preview of rules: a quarter.
constexpr std::int64_t kPreviewDaysMax = 92;
// Its visits: a quarter of almost two counties with 20,000 hours of care a week, some 10 seconds of
// a core. Of each some 60 bytes are in memory, the values of its spreads under both rules, and for
// a moment twice that while a list grows.
constexpr std::uint64_t kPreviewVisitsMax = 1'000'000;
// Visits of a preview whose encoded facts are in memory, about 300 bytes each.
constexpr std::uint64_t kVisitsHeld = 64'000;
// Visits judged between two looks at the clock and at the caller, a tenth of a second; 3 KB each.
constexpr std::size_t kPreviewStepVisits = 4'000;
// Of one page of ruled visits; as kVisitsPerPageMax.
constexpr std::uint32_t kRuledVisitsPageDefault = 100;
constexpr std::uint32_t kRuledVisitsPageMax = 500;
// Bins of a spread, one unit wide; the last one includes everything beyond.
constexpr std::int64_t kSpreadBinsMax = 1'440;
constexpr std::uint32_t kMeasureVisitsPageDefault = 100;
constexpr std::uint32_t kMeasureVisitsPageMax = 500;
// Visits judged in one write job, a few milliseconds, so that phones' commits come between.
constexpr std::uint32_t kSettledPerJob = 100;
// Plan versions whose hashes are in memory while a bundle is written: the visits of some days are
// of one or two imports; 1 MB for 20,000 visits.
constexpr std::size_t kTreesKept = 4;
// Proofs of terms that are kept then, about 1 KB each: the people of a county.
constexpr std::size_t kTermsKept = 10'000;
// `verify` judges so many visits again, spread over all: a second.
constexpr std::size_t kAuditedVisits = 5'000;
constexpr std::uint32_t kAuditPageVisits = 10'000;

}  // namespace doorstep::records
