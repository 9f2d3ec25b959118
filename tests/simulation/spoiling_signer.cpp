// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/spoiling_signer.h"

#include "shared/core/bytes.h"
#include "shared/core/check.h"
#include "shared/evidence/entry_chain.h"
#include "shared/wire/entry_codec.h"

namespace doorstep::simulation {

// message: evidence::signedMessage of one entry.
Result<std::string> SpoilingSigner::sign(std::string_view message) {
  static const std::size_t kBeforeHeader = evidence::signedMessage(DeviceId(1), "", {}).size();
  std::size_t headerBytes = 0;
  for (std::size_t at = kBeforeHeader - 4; at < kBeforeHeader; ++at)
    headerBytes = headerBytes << 8 | static_cast<std::uint8_t>(message.at(at));
  const auto header = wire::decodeHeader(message.substr(kBeforeHeader, headerBytes));
  DOORSTEP_CHECK(header.ok());
  const std::uint64_t n = header->entry.n;
  auto signature = inner_.sign(message);
  spoiled_.erase(n);  // it was sealed before, and the power went
  if (spoilNext_ && signature.ok()) {
    spoilNext_ = false;
    signature->back() = static_cast<char>(signature->back() ^ 1);
    spoiled_[n] = (message.size() - kBeforeHeader - headerBytes) / sizeof(Hash::bytes);
  }
  return signature;
}

}  // namespace doorstep::simulation
