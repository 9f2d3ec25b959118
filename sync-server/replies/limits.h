// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "shared/visits/office_fact.h"

namespace doorstep::replies {

constexpr std::size_t kTextBytesMax = visits::kOfficeReplyBytesMax;
constexpr std::size_t kAttachedMax = visits::kOfficeReplyVisitsMax;
constexpr std::size_t kChoicesMax = visits::kOfficeChoicesMax;
constexpr std::size_t kChoiceBytesMax = visits::kOfficeRefBytesMax;
// Of one provider about one contract: some for each figure of a pack in each of ten years' months.
constexpr std::uint32_t kRepliesMax = 10'000;

}  // namespace doorstep::replies
