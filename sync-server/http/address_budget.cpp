// SPDX-License-Identifier: Apache-2.0
#include "sync-server/http/address_budget.h"

#include <utility>

namespace doorstep::http {

std::string plainAddress(const boost::asio::ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6())
        .to_string();
  }
  return address.to_string();
}

std::string shareOf(const boost::asio::ip::address& address) {
  if (address.is_v4() || address.to_v6().is_v4_mapped()) {
    return plainAddress(address);
  }
  const auto v6 = address.to_v6();
  auto bytes = v6.to_bytes();
  constexpr std::size_t kNetworkBytes = 8;
  for (std::size_t i = kNetworkBytes; i < bytes.size(); ++i) {
    bytes[i] = 0;
  }
  return boost::asio::ip::address_v6(bytes).to_string() + "/64";
}

bool AddressBudget::take(const std::string& share, std::size_t amount) {
  const MutexLock lock(mutex_);
  if (amount > max_ - total_) {
    return false;
  }
  const auto found = byShare_.find(share);
  const std::size_t before = found == byShare_.end() ? 0 : found->second;
  if (amount > maxPerShare_ - before) {
    return false;
  }
  byShare_[share] = before + amount;
  total_ += amount;
  return true;
}

void AddressBudget::giveBack(const std::string& share, std::size_t amount) {
  if (amount == 0) {
    return;
  }
  const MutexLock lock(mutex_);
  const auto found = byShare_.find(share);
  found->second -= amount;
  if (found->second == 0) {
    byShare_.erase(found);
  }
  total_ -= amount;
}

std::size_t AddressBudget::total() const {
  const MutexLock lock(mutex_);
  return total_;
}

bool BudgetHold::take(std::size_t amount) {
  if (!budget_.take(share_, amount)) {
    return false;
  }
  held_ += amount;
  return true;
}

void BudgetHold::giveBack() { budget_.giveBack(share_, std::exchange(held_, 0)); }

}  // namespace doorstep::http
