// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace doorstep::http {

// By which names people reach this server, and from which pages a call may come. Thread: any, it
// does not change.
struct SiteRules {
  std::vector<std::string> hosts;    // names and addresses without a port; in any case
  std::vector<std::string> origins;  // of a proxy in front: "https://care.example.org"
  std::uint16_t port = 0;            // of the front itself

  // host: of a Host field. True for a name of ours or of an origin, for localhost, and for the
  // address on which the connection arrived: another site's name that points to us (DNS rebinding)
  // is none of these. Its port says nothing: it may be forwarded.
  bool knowsHost(std::string_view host, std::string_view localAddress) const;
  // origin: of an Origin field; host: of the Host field, known. True for the page that was loaded
  // from here: the same host and port, a public origin, or a name of ours at 443 or our own port.
  bool isOwnOrigin(std::string_view origin, std::string_view host) const;
};

// "[::1]:8443" is "::1".
std::string_view hostWithoutPort(std::string_view host);

}  // namespace doorstep::http
