// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstddef>
#include <map>
#include <string>

#include "shared/core/mutex.h"

namespace doorstep::http {

// As people write it; an IPv4 address that is written as IPv6 is that IPv4 address.
std::string plainAddress(const boost::asio::ip::address& address);
// Whose share of a budget an address uses: IPv4 its own, IPv6 that of its /64, because one
// subscriber has all of that.
std::string shareOf(const boost::asio::ip::address& address);

// Bounds something that guests can make us hold (connections, bytes, streams), for each share and
// in all, so that nobody can use up what the others need. Thread: any.
class AddressBudget {
 public:
  AddressBudget(std::size_t max, std::size_t maxPerShare) : max_(max), maxPerShare_(maxPerShare) {}

  // False: there would be too many, and nothing was taken.
  bool take(const std::string& share, std::size_t amount);
  // Gives back what was taken.
  void giveBack(const std::string& share, std::size_t amount);
  std::size_t total() const;

 private:
  const std::size_t max_;
  const std::size_t maxPerShare_;

  mutable Mutex mutex_;
  std::size_t total_ DOORSTEP_GUARDED_BY(mutex_) = 0;
  std::map<std::string, std::size_t> byShare_ DOORSTEP_GUARDED_BY(mutex_);
};

// What one connection has taken of a budget; gives it back at its end. Thread: one.
class BudgetHold {
 public:
  BudgetHold(AddressBudget& budget, std::string share)
      : budget_(budget), share_(std::move(share)) {}
  ~BudgetHold() { giveBack(); }
  BudgetHold(const BudgetHold&) = delete;
  BudgetHold& operator=(const BudgetHold&) = delete;

  // False: the budget does not have so much more.
  [[nodiscard]] bool take(std::size_t amount);
  void giveBack();

 private:
  AddressBudget& budget_;
  const std::string share_;
  std::size_t held_ = 0;
};

}  // namespace doorstep::http
