// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace doorstep {

// A 64-bit id whose type prevents mixing with other kinds of id. 0 means absent.
template <typename Tag>
struct StrongId {
  std::uint64_t value = 0;

  constexpr StrongId() = default;
  constexpr explicit StrongId(std::uint64_t v) : value(v) {}
  constexpr auto operator<=>(const StrongId&) const = default;
  constexpr explicit operator bool() const { return value != 0; }
};

// Ids are made by IdSource::newId on the side that owns the name space (docs/adr/0004).
using ProviderId = StrongId<struct ProviderTag>;
using CouncilId = StrongId<struct CouncilTag>;
using ContractId = StrongId<struct ContractTag>;
using PersonId = StrongId<struct PersonTag>;
using CarerId = StrongId<struct CarerTag>;
using VisitId = StrongId<struct VisitTag>;
using DeviceId = StrongId<struct DeviceTag>;
using AccountId = StrongId<struct AccountTag>;

}  // namespace doorstep

template <typename Tag>
struct std::hash<doorstep::StrongId<Tag>> {
  std::size_t operator()(doorstep::StrongId<Tag> id) const noexcept {
    return static_cast<std::size_t>(id.value * 0x9E3779B97F4A7C15ULL);
  }
};
