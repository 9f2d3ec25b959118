// SPDX-License-Identifier: Apache-2.0
// The server's configuration file.
#include "sync-server/config/server_config.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace doorstep;
  const auto config = config::parseServerConfig(fuzz::Input(bytes, size).rest());
  if (config.ok())
    fuzz::require(config::parseServerConfig(config::writeServerConfig(*config)).ok());
  return 0;
}
