// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace doorstep::roster {

// What a rota may hold. A file beyond a limit is refused whole, with the limit in the fault's text.
// An access note of 2,000 bytes, quoted, and much air.
constexpr std::size_t kCsvRowBytesMax = 64 * 1024;
constexpr std::size_t kCsvColumnsMax = 64;
constexpr std::size_t kPeopleMax = 200'000;  // twice all people with home care in Scotland
constexpr std::size_t kCarersMax = 100'000;
// Three weeks of a large council; 165 MB, and the file is held for some 20 s: exchanges wait
// (storage/limits.h).
constexpr std::size_t kVisitRowsMax = 300'000;
constexpr std::size_t kServiceTasksMax = 10'000;  // rows of tasks.csv
constexpr std::size_t kContractRowsMax = 10'000;  // rows of contracts.csv
// Carers whose watches a commit hints by name. A reassignment concerns two; what concerns more than
// this is a new rota, and every phone of the provider is woken.
constexpr std::size_t kConcernedCarersMax = 1'000;
// Changes that are kept of a carer. A scope has some 200 visits: who is five scopes behind is given
// the whole scope anew for less. Three months of weekly rotas.
constexpr std::size_t kChangesPerCarerMax = 1'000;
constexpr std::size_t kTasksPerVisitMax = 40;  // a visit has 4 to 10
// A day is one step of a pull, and must fit a message.
constexpr std::size_t kVisitsPerCarerDayMax = 300;
constexpr std::size_t kRefBytesMax = 64;
constexpr std::size_t kNameBytesMax = 200;
constexpr std::size_t kAccessNoteBytesMax = 2000;
constexpr std::uint64_t kFunderShares = 10'000;  // in hundredths of a per cent, all payers together
constexpr std::size_t kTaskTextBytesMax = 200;
constexpr std::size_t kTaskCodeBytesMax = 16;
constexpr std::uint32_t kDurationMinMax = 1440;
constexpr std::uint32_t kCarersRequiredMax = 4;
constexpr std::uint32_t kGapMinMax = 10'080;  // a week
constexpr std::int64_t kWindowMsMax = 48LL * 3'600'000;
constexpr std::uint32_t kToleranceMinMax = 1440;
// Of one reason in one file: enough to work on; the rest is counted.
constexpr std::size_t kFaultsListedMax = 50;
constexpr std::size_t kFaultsInAllMax = 2'000;  // 5 files, some 30 reasons; 600 kB of an answer
// An import that cancels more than this share of what is planned must be confirmed: most often it
// is a file that lost its end, or refs that a spreadsheet rewrote. Fewer visits than the least are
// a morning's corrections, and only noted.
constexpr std::uint64_t kCancelledShareOf = 5;  // one of so many
constexpr std::uint64_t kCancelledUnaskedMax = 2;
constexpr std::size_t kQuotedBytesMax = 40;  // of a value in a fault's text
// A larger file of a rota is named with its size in the plan's history, without its hash: it is
// read whole for that.
constexpr std::uint64_t kHashedFileBytesMax = 512ULL * 1024 * 1024;
// Over the API; the command line takes more.
constexpr std::size_t kImportCallBytesMax = 16 * 1024 * 1024;
// Visits whose state a migration makes at a time: some 20 KB of keys.
constexpr std::size_t kVisitsFilledAtOnce = 1'000;

// A claim that names the right ref and person may name a start that the plan has moved since; a ref
// that is used again after half a year is another visit.
constexpr std::int64_t kClaimedStartWithinMs = 14LL * 24 * 3'600'000;
// Ids of one visit beside its own: one for each time that the server was put back under a rota that
// was imported anew.
constexpr std::uint64_t kAliasesPerVisitMax = 16;

}  // namespace doorstep::roster
