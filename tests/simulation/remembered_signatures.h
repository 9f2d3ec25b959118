// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace doorstep::simulation {

// Two fifths of the instructions went into verifying signatures, most of them several times: by
// the server, by each phone, by the audit. So what this process has signed itself is remembered by
// key, message and signature, and verifies without arithmetic: it does so by construction. Whatever
// differs in a single byte (damaged, forged, of another key) is verified by OpenSSL. The linker
// puts this in the place of EVP_DigestSign and EVP_DigestVerify (CMakeLists.txt). Thread: one.

// Begins to remember anew; at the start of each world, so that memory is bounded.
void forgetSignatures();

}  // namespace doorstep::simulation
