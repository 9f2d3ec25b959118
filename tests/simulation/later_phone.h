// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/signing_phone.h"

namespace doorstep::simulation {

// A phone of a later release that records about subjects of a kind which this release does not
// know, and about nothing else. It keeps all its entries and sends again what the server does not
// say that it holds. Thread: one.
class LaterPhone {
 public:
  LaterPhone(DeviceId device, ProviderId provider, CarerId carer)
      : signer_(device.value, provider.value, carer.value) {}

  const identity::KnownDevice& known() const { return signer_.known(); }
  void record();
  std::uint64_t recorded() const { return entries_.size(); }
  // Whether the newest answer said that the server holds all of it.
  bool isDrained() const { return heldN_ == entries_.size(); }
  // The next exchange, encoded.
  std::string request() const;
  // Bytes that are no answer are ignored.
  void answered(const std::string& bytes);

 private:
  support::SigningPhone signer_;
  std::vector<std::string> entries_;  // by n - 1
  std::uint64_t heldN_ = 0;
};

}  // namespace doorstep::simulation
