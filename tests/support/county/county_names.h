// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tests/support/county/county_random.h"

namespace doorstep::county {

// Invented names, composed of parts, so that no list of real people is needed.
std::string personName(Random& random);
std::string carerName(Random& random);
std::string accessNote(Random& random);

struct Lot {
  const char* ref;
  double latitudeDeg;
  double longitudeDeg;
};
constexpr int kLots = 18;
const Lot& lot(int index);

constexpr int kProviders = 10;
struct ProviderName {
  const char* folder;
  const char* name;
};
const ProviderName& providerName(int index);

}  // namespace doorstep::county
