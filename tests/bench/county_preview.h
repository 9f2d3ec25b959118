// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/bench/county_server.h"

namespace doorstep::bench {

// What a preview of rules costs over the last weeks, at most a quarter, beside one SQL statement
// over raw rows of the same days; and a page of the visits that change.
void measurePreview(CountyServer& server, int weeks);

// The same over a county's quarter, without its statement over raw rows: the records that are kept
// are copied to other people and later weeks, so that there are people / scale of them in 13 weeks.
// Afterwards records and log are not of each other any more.
void measureQuarter(CountyServer& server, double scale);

}  // namespace doorstep::bench
