// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "app/platform/platform.h"
#include "app/sync/enrolment.h"
#include "shared/wire/enrolment_text.h"

namespace doorstep::sync {

// Enrols this phone over TLS that trusts only the offer's authority. Blocks for the answer, at most
// kCallDeadlineMs. The caller keeps applicant until an answer arrives: after a lost answer the
// server answers only the same request. Errors: the server's reasons; UNREACHABLE.
Result<Enrolment> enrol(const wire::EnrolmentOffer& offer, const TlsApplicant& applicant,
                        std::string_view deviceDescription, platform::Platform& platform);

}  // namespace doorstep::sync
