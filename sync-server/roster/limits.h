// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace doorstep::roster {

// Limits of a rota. A file beyond a limit is refused as a whole; the fault's text names the limit.
// An access note of 2,000 bytes, quoted, with plenty of room.
constexpr std::size_t kCsvRowBytesMax = 64 * 1024;
constexpr std::size_t kCsvColumnsMax = 64;
constexpr std::size_t kPeopleMax = 200'000;  // twice all people with home care in Scotland
constexpr std::size_t kCarersMax = 100'000;
// Three weeks of a large council; 165 MB, and the file is held for about 20 s: exchanges wait
// (storage/limits.h).
constexpr std::size_t kVisitRowsMax = 300'000;
constexpr std::size_t kServiceTasksMax = 10'000;  // rows of tasks.csv
constexpr std::size_t kContractRowsMax = 10'000;  // rows of contracts.csv
// Carers whose watches are hinted individually. A reassignment affects two; a change that affects
// more than this is a new rota, and all phones of the provider are woken.
constexpr std::size_t kConcernedCarersMax = 1'000;
// Changes kept per carer. A scope has about 200 visits: for a phone that is five scopes behind, the
// whole scope again is cheaper. Three months of weekly rotas.
constexpr std::size_t kChangesPerCarerMax = 1'000;
constexpr std::size_t kTasksPerVisitMax = 40;  // a visit has 4 to 10
// A day is one step of a pull, and must fit a message.
constexpr std::size_t kVisitsPerCarerDayMax = 300;
constexpr std::size_t kRefBytesMax = 64;
constexpr std::size_t kNameBytesMax = 200;
constexpr std::size_t kCorrectionBytesMax = 500;  // as OfficeFact.reason_text
constexpr std::size_t kAccessNoteBytesMax = 2000;
constexpr std::uint64_t kFunderShares = 10'000;  // in hundredths of a per cent, all payers together
constexpr std::size_t kTaskTextBytesMax = 200;
constexpr std::size_t kTaskCodeBytesMax = 16;
constexpr std::uint32_t kDurationMinMax = 1440;
constexpr std::uint32_t kCarersRequiredMax = 4;
constexpr std::uint32_t kGapMinMax = 10'080;  // a week
constexpr std::int64_t kWindowMsMax = 48LL * 3'600'000;
constexpr std::uint32_t kToleranceMinMax = 1440;
// Per reason and file: enough to work on; further ones are counted.
constexpr std::size_t kFaultsListedMax = 50;
constexpr std::size_t kFaultsInAllMax = 2'000;  // 5 files, some 30 reasons; 600 kB of an answer
// An import that cancels more than this share of the planned visits must be confirmed: usually the
// file is truncated, or a spreadsheet changed its refs. Up to kCancelledUnaskedMax visits are
// normal corrections and only noted.
constexpr std::uint64_t kCancelledShareOf = 5;  // one in this many
constexpr std::uint64_t kCancelledUnaskedMax = 2;
constexpr std::size_t kQuotedBytesMax = 40;  // of a value in a fault's text
// A larger file of a rota is stored in the plan's history with its size but no hash, since hashing
// reads the whole file.
constexpr std::uint64_t kHashedFileBytesMax = 512ULL * 1024 * 1024;
// Over the API; the command line accepts more.
constexpr std::size_t kImportCallBytesMax = 16 * 1024 * 1024;
// Visits whose lock state a migration computes at a time: about 20 KB of keys.
constexpr std::size_t kVisitsFilledAtOnce = 1'000;

// How far the plan may have moved a visit whose ref and person a claim matches; a ref reused after
// half a year is another visit.
constexpr std::int64_t kClaimedStartWithinMs = 14LL * 24 * 3'600'000;
// Further ids of one visit: one for each restore of the server followed by an import of the rota.
constexpr std::uint64_t kAliasesPerVisitMax = 16;

}  // namespace doorstep::roster
