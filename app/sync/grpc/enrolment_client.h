// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "app/platform/platform.h"
#include "app/sync/enrolment.h"
#include "shared/wire/enrolment_text.h"

namespace doorstep::sync {

// Makes this phone a device, over TLS that trusts the offer's authority alone. tlsKeyPem: kept by the
// caller until an answer came, because the same keys are answered again when the answer was lost.
// Waits for the answer, at most kCallDeadlineMs. Errors: the server's reasons; UNREACHABLE.
Result<Enrolment> enrol(const wire::EnrolmentOffer& offer, std::string_view tlsKeyPem,
                        std::string_view deviceDescription, platform::Platform& platform);

}  // namespace doorstep::sync
