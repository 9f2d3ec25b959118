// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace doorstep::hostile {

// Bytes of an attack on one connection of the front: first `begin`, then `piece`, `pieces` times or
// until the server closes the connection.
struct FrontAttack {
  std::string name;
  std::string begin;
  std::string piece;
  std::size_t pieces = 0;
  int status = 400;  // expected; 0: any refusal, or a connection closed without an answer
};

// All attacks; add new ones to this list.
std::vector<FrontAttack> frontAttacks();

}  // namespace doorstep::hostile
