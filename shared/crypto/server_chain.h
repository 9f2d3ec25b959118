// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/core/result.h"

namespace doorstep::crypto {

// Verifies that a server is the one a phone was enrolled with, even when the phone's clock is
// wrong.
//
// chainPem, the server's certificate first, must lead to one of authoritiesPem, which the phone
// received from its office, and must name the host (a DNS name or an IP address). No public
// authority is trusted.
//
// Time: a clock that is slow makes a new certificate look not yet valid, and a fast one makes a
// valid certificate look expired. So notBefore is ignored, and notAfter of the whole chain is
// compared with the lowest time that is certain: the server's last statement. Errors
// (PermissionDenied): CERTIFICATE_CHAIN, CERTIFICATE_HOST, CERTIFICATE_EXPIRED. Thread: any.
Status verifyServerChain(std::string_view chainPem, std::string_view authoritiesPem,
                         const std::string& host, std::int64_t lowestNowUnixMs);

}  // namespace doorstep::crypto
