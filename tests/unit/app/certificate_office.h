// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "shared/core/check.h"
#include "shared/crypto/certificates.h"
#include "tests/unit/app/phone_fixture.h"

namespace doorstep::test {

// An authority that issues device certificates like a server.
struct CertificateOffice {
  crypto::P256PrivateKey key = crypto::P256PrivateKey::generate();
  crypto::Certificate authority =
      crypto::makeAuthority(key, "Office", kMorningUnixMs - 4'000 * 86'400'000LL, 9'000);

  std::string chain(std::string_view request, const std::string& name, std::int64_t fromUnixMs,
                    int days) const {
    const auto made =
        crypto::issueDeviceCertificate(authority, key, request, name, fromUnixMs, days);
    DOORSTEP_CHECK(made.ok());
    return made->pem + authority.pem;
  }
};

}  // namespace doorstep::test
