// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstddef>
#include <map>
#include <string>

#include "shared/core/mutex.h"

namespace doorstep::http {

// Usual text form; an IPv4-mapped IPv6 address becomes the IPv4 address.
std::string plainAddress(const boost::asio::ip::address& address);
// The key under which an address counts against a budget: an IPv4 address itself, an IPv6 address
// by its /64, because one subscriber has a whole /64.
std::string shareOf(const boost::asio::ip::address& address);

// Limits what clients can make the server hold (connections, bytes, streams), per share and in
// total, so that no client uses up the others' part. Thread: any.
class AddressBudget {
 public:
  AddressBudget(std::size_t max, std::size_t maxPerShare) : max_(max), maxPerShare_(maxPerShare) {}

  // False: over the limit; nothing was taken.
  bool take(const std::string& share, std::size_t amount);
  // Returns an amount that was taken.
  void giveBack(const std::string& share, std::size_t amount);
  std::size_t total() const;

 private:
  const std::size_t max_;
  const std::size_t maxPerShare_;

  mutable Mutex mutex_;
  std::size_t total_ DOORSTEP_GUARDED_BY(mutex_) = 0;
  std::map<std::string, std::size_t> byShare_ DOORSTEP_GUARDED_BY(mutex_);
};

// One connection's amount of a budget, returned on destruction. Thread: one.
class BudgetHold {
 public:
  BudgetHold(AddressBudget& budget, std::string share)
      : budget_(budget), share_(std::move(share)) {}
  ~BudgetHold() { giveBack(); }
  BudgetHold(const BudgetHold&) = delete;
  BudgetHold& operator=(const BudgetHold&) = delete;

  // False: over the budget.
  [[nodiscard]] bool take(std::size_t amount);
  void giveBack();

 private:
  AddressBudget& budget_;
  const std::string share_;
  std::size_t held_ = 0;
};

}  // namespace doorstep::http
