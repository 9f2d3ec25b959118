// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace doorstep::hostile {

// What a stranger sends down one connection of the front: first `begin`, then `piece` as often as
// it says, or until the server ends the connection.
struct FrontAttack {
  std::string name;
  std::string begin;
  std::string piece;
  std::size_t pieces = 0;
  int status = 400;  // of the answer; 0: any refusal, or none because the connection ended first
};

// All of them: a new one joins by standing in the list.
std::vector<FrontAttack> frontAttacks();

}  // namespace doorstep::hostile
