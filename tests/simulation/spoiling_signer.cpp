// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/spoiling_signer.h"

#include "shared/core/check.h"
#include "shared/evidence/entry_chain.h"
#include "shared/wire/entry_codec.h"

namespace doorstep::simulation {

Result<std::string> SpoilingSigner::sign(std::string_view message) {
  static const std::size_t kBeforeEntry = evidence::signedMessage(DeviceId(1), "").size();
  const auto decoded = wire::decodeEntry(message.substr(kBeforeEntry));
  DOORSTEP_CHECK(decoded.ok());
  auto signature = inner_.sign(message);
  spoiled_.erase(decoded->entry.n);  // it was sealed before, and the power went
  if (spoilNext_ && signature.ok()) {
    spoilNext_ = false;
    signature->back() = static_cast<char>(signature->back() ^ 1);
    spoiled_[decoded->entry.n] = decoded->entry.events.size();
  }
  return signature;
}

}  // namespace doorstep::simulation
