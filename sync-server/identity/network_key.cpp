// SPDX-License-Identifier: Apache-2.0
#include "sync-server/identity/network_key.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "shared/core/bytes.h"

namespace doorstep::identity {
namespace {

constexpr std::size_t kKeyBytesMax = 64;
constexpr std::size_t kNetworkBytes = 8;  // of an IPv6 address: /64
constexpr std::string_view kMapped("\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);

std::string_view bare(std::string_view address) {
  for (const std::string_view prefix : {"ipv4:", "ipv6:"})
    if (address.starts_with(prefix))
      address.remove_prefix(prefix.size());
  for (const std::string_view open : {"%5B", "["})
    if (address.starts_with(open))
      address.remove_prefix(open.size());
  return address.substr(0, address.find_first_of("%]"));
}

}  // namespace

std::string networkKey(std::string_view address) {
  const std::string plain(bare(address).substr(0, kKeyBytesMax));
  std::array<char, sizeof(in6_addr)> bytes{};
  if (inet_pton(AF_INET6, plain.c_str(), bytes.data()) != 1)
    return plain;
  const std::string_view all(bytes.data(), bytes.size());
  if (!all.starts_with(kMapped))
    return toHex(all.substr(0, kNetworkBytes)) + "/64";
  std::array<char, INET_ADDRSTRLEN> text{};
  inet_ntop(AF_INET, bytes.data() + kMapped.size(), text.data(), text.size());
  return text.data();
}

}  // namespace doorstep::identity
