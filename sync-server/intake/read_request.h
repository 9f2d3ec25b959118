// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "sync-server/identity/device_registry.h"
#include "sync-server/intake/submission.h"

namespace doorstep::intake {

// First stage of intake: from a request's bytes to a submission. Decodes, holds it to its limits
// and checks each signature; looks at nothing but the request and the device's key, so any number
// of threads do it at once. Errors: INVALID_ARGUMENT (MESSAGE_MALFORMED), RESOURCE_EXHAUSTED
// (TOO_MANY_ENTRIES). What is wrong with a single entry is no error: it becomes the entry's
// verdict. Thread: any.
Result<Submission> readRequest(std::string_view request, const identity::KnownDevice& device,
                               std::int64_t receivedUnixMs);

}  // namespace doorstep::intake
