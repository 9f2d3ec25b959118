// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace doorstep::http {

// The names of this server and the pages that may call it. Immutable. Thread: any.
struct SiteRules {
  std::vector<std::string> hosts;    // names and addresses without port; case-insensitive
  std::vector<std::string> origins;  // public origins behind a proxy: "https://care.example.org"
  std::uint16_t port = 0;            // of the front itself

  // host: of a Host field. True for our names and those of origins, for localhost, and for the
  // connection's local address; another site's name that resolves to us (DNS rebinding) is none of
  // these. The port is ignored: it may be forwarded.
  bool knowsHost(std::string_view host, std::string_view localAddress) const;
  // origin: of an Origin field; host: of the Host field, already accepted. True for a page loaded
  // from here: the same host and port, a public origin, or one of our names with port 443 or our
  // own.
  bool isOwnOrigin(std::string_view origin, std::string_view host) const;
};

// "[::1]:8443" becomes "::1".
std::string_view hostWithoutPort(std::string_view host);

}  // namespace doorstep::http
