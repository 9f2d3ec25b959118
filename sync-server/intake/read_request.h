// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "sync-server/identity/device_registry.h"
#include "sync-server/intake/submission.h"

namespace doorstep::intake {

// First stage of intake: turns a request's bytes into a submission. Decodes, checks limits and
// verifies each signature. Needs only the request and the device's key, so any number of threads
// run it concurrently. Errors: INVALID_ARGUMENT (MESSAGE_MALFORMED), RESOURCE_EXHAUSTED
// (TOO_MANY_ENTRIES). A fault of a single entry is not an error: it becomes the entry's verdict.
// Thread: any.
Result<Submission> readRequest(std::string_view request, const identity::KnownDevice& device,
                               std::int64_t receivedUnixMs);

}  // namespace doorstep::intake
