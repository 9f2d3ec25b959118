// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace doorstep::simulation {

// One handler a type, for std::visit.
template <typename... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};
template <typename... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

}  // namespace doorstep::simulation
