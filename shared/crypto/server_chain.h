// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/core/result.h"

namespace doorstep::crypto {

// Whether a server is the one that a phone was enrolled with, for a phone whose clock may say
// anything.
//
// The chain, PEM with the server's own certificate first, must lead to one of the authorities, PEM,
// that the phone got from its office, and name the host (a DNS name or an IP address). Nothing else
// is trusted, no public authority.
//
// Time: a wall clock that is behind cannot say that a certificate is not valid yet, nor one that is
// ahead that it is over. So the start of a certificate's life is not looked at, and its end is held
// against the lowest time that is certain: what the server said before. Errors
// (PermissionDenied): CERTIFICATE_CHAIN, CERTIFICATE_HOST, CERTIFICATE_EXPIRED.
Status verifyServerChain(std::string_view chainPem, std::string_view authoritiesPem,
                         const std::string& host, std::int64_t lowestNowUnixMs);

}  // namespace doorstep::crypto
