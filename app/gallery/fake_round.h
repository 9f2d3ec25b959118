// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "app/projections/screens.h"

namespace doorstep::ui {

// Invented people and rounds. No real person, place or provider.
enum class FakeRound { Normal, LongWords, Fourteen, Night, None };

std::vector<projections::VisitScreen> fakeVisits(FakeRound kind);
// The time of every fake phone's clock, and its day.
constexpr std::int64_t kFakeNowUnixMs = 1'795'420'920'000;  // Mon 23 November 2026, 08:02 in London
inline const std::string kFakeDay = "2026-11-23";

}  // namespace doorstep::ui
