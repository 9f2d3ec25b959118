// SPDX-License-Identifier: Apache-2.0
#include "sync-server/http/site_rules.h"

#include <algorithm>
#include <array>

#include "sync-server/http/request_parser.h"

namespace doorstep::http {
namespace {

constexpr std::string_view kScheme = "https://";
constexpr std::array<std::string_view, 3> kLoopback{"localhost", "127.0.0.1", "::1"};

std::string_view withoutScheme(std::string_view origin) {
  return origin.starts_with(kScheme) ? origin.substr(kScheme.size()) : std::string_view();
}

template <typename Names>
bool contains(const Names& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view known) { return sameName(known, name); });
}

}  // namespace

std::string_view hostWithoutPort(std::string_view host) {
  if (host.starts_with('[')) {
    return host.substr(1, std::min(host.find(']'), host.size()) - 1);
  }
  std::string_view name = host.substr(0, host.find(':'));
  // "care.example.org." is the same name with the root's dot.
  return name.size() > 1 && name.ends_with('.') ? name.substr(0, name.size() - 1) : name;
}

bool SiteRules::knowsHost(std::string_view host, std::string_view localAddress) const {
  const std::string_view name = hostWithoutPort(host);
  return contains(kLoopback, name) || contains(hosts, name) ||
         (!localAddress.empty() && name == localAddress) ||
         std::any_of(origins.begin(), origins.end(), [&](std::string_view origin) {
           return sameName(hostWithoutPort(withoutScheme(origin)), name);
         });
}

bool SiteRules::isOwnOrigin(std::string_view origin, std::string_view host) const {
  if (contains(origins, origin)) {
    return true;
  }
  const std::string_view site = withoutScheme(origin);
  if (site.empty()) {
    return false;
  }
  if (sameName(site, host)) {
    return true;
  }
  const bool bracketed = site.starts_with('[');
  const auto portAt = bracketed ? site.find("]:") : site.find(':');
  const std::string_view portText =
      portAt == std::string_view::npos ? "443" : site.substr(portAt + (bracketed ? 2 : 1));
  return contains(hosts, hostWithoutPort(site)) &&
         (portText == "443" || portText == std::to_string(port));
}

}  // namespace doorstep::http
