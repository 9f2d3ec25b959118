// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace doorstep::commissioning {

// Limits of what is commissioned; a value beyond one is refused with a reason.
constexpr std::uint32_t kWeekMinutesMax = 100'000;   // ten carers day and night are 100,800
constexpr std::size_t kServicesMax = 16;             // of one package
constexpr std::size_t kPatchesMax = 200;             // of one lot; councils have 3 to 30
constexpr std::size_t kOutlineBytesMax = 32 * 1024;  // fits a row of CSV (roster/limits.h)
constexpr std::size_t kOutlinePointsMax = 2'000;
// A lot's and its patches', together: a page of 50 lots is 3 MB.
constexpr std::size_t kLotOutlinesBytesMax = 64 * 1024;
constexpr std::size_t kSourceBytesMax = 200;
constexpr std::size_t kWhyBytesMax = 500;            // as OfficeFact.reason_text
constexpr std::uint32_t kPencePerHourMax = 100'000;  // £1,000
constexpr std::int32_t kUpliftBpMax = 10'000;        // doubles a rate
constexpr std::size_t kPackageRowsMax = 400'000;     // two packages of each person
constexpr std::size_t kSmallFileRowsMax = 10'000;    // councils.csv, lots.csv, rates.csv
// Rows of one subject, replaced ones included: a person's packages of twenty years.
constexpr std::size_t kRowsPerSubjectMax = 10'000;
constexpr std::uint32_t kPageRowsMax = 500;
// Days that a row may name: years 1970 to 2200.
constexpr std::int64_t kDayMax = 84'000;

}  // namespace doorstep::commissioning
