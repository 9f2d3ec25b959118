// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "app/platform/fakes.h"

namespace doorstep::simulation {

// A key store that sometimes signs wrongly: such an entry must not be accepted and must not block
// later ones. Otherwise it is authentic. Thread: one.
class SpoilingSigner final : public platform::DeviceSigner {
 public:
  Result<std::string> publicKeySpki() override { return inner_.publicKeySpki(); }
  Result<std::string> sign(std::string_view message) override;

  void spoilNext() { spoilNext_ = true; }
  // Number of events by n of each wrongly signed entry. Includes an entry whose sealing was undone
  // by a power cut, but not the one that then took its n.
  const std::map<std::uint64_t, std::uint64_t>& spoiled() const { return spoiled_; }

 private:
  platform::MemorySigner inner_;
  bool spoilNext_ = false;
  std::map<std::uint64_t, std::uint64_t> spoiled_;
};

}  // namespace doorstep::simulation
