// SPDX-License-Identifier: Apache-2.0
#include "shared/crypto/running_sha256.h"

#include <openssl/evp.h>

#include "shared/core/check.h"

namespace doorstep::crypto {

struct RunningSha256::State {
  ~State() { EVP_MD_CTX_free(context); }
  EVP_MD_CTX* context = EVP_MD_CTX_new();
};

RunningSha256::RunningSha256() : state_(std::make_unique<State>()) {
  DOORSTEP_CHECK(state_->context != nullptr);
  DOORSTEP_CHECK(EVP_DigestInit_ex2(state_->context, EVP_sha256(), nullptr) == 1);
}
RunningSha256::RunningSha256(RunningSha256&&) noexcept = default;
RunningSha256& RunningSha256::operator=(RunningSha256&&) noexcept = default;
RunningSha256::~RunningSha256() = default;

void RunningSha256::add(std::string_view bytes) {
  DOORSTEP_CHECK(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1);
}

Hash RunningSha256::finish() {
  Hash hash;
  DOORSTEP_CHECK(EVP_DigestFinal_ex(state_->context, hash.bytes.data(), nullptr) == 1);
  return hash;
}

}  // namespace doorstep::crypto
