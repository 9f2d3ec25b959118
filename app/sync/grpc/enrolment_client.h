// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "app/platform/platform.h"
#include "app/sync/enrolment.h"
#include "shared/wire/enrolment_text.h"

namespace doorstep::sync {

// Makes this phone a device, over TLS that trusts the offer's authority alone. applicant: kept by
// the caller until an answer came, because the same request is answered again when the answer was
// lost. Waits for the answer, at most kCallDeadlineMs. Errors: the server's reasons; UNREACHABLE.
Result<Enrolment> enrol(const wire::EnrolmentOffer& offer, const TlsApplicant& applicant,
                        std::string_view deviceDescription, platform::Platform& platform);

}  // namespace doorstep::sync
