// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "app/platform/fakes.h"

namespace doorstep::simulation {

// A key store that now and then signs wrongly: the poison entry that no server may take and that
// must not hold up those after it. What is so signed is authentic in all else. Thread: one.
class SpoilingSigner final : public platform::DeviceSigner {
 public:
  Result<std::string> publicKeySpki() override { return inner_.publicKeySpki(); }
  Result<std::string> sign(std::string_view message) override;

  void spoilNext() { spoilNext_ = true; }
  // Number of events by n, of each entry that was signed wrongly. An entry whose sealing a power
  // cut undid is among them; the one that took its n is not.
  const std::map<std::uint64_t, std::uint64_t>& spoiled() const { return spoiled_; }

 private:
  platform::MemorySigner inner_;
  bool spoilNext_ = false;
  std::map<std::uint64_t, std::uint64_t> spoiled_;
};

}  // namespace doorstep::simulation
