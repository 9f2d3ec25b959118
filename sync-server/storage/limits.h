// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace doorstep::storage {

// How long a commit waits while another process writes. The largest import (roster/limits.h) holds
// the file for some 20 s; exchanges queue for as long and are then answered, instead of failing and
// coming again all at once.
constexpr int kWriterWaitMsMax = 60'000;

}  // namespace doorstep::storage
