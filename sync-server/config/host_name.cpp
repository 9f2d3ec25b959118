// SPDX-License-Identifier: Apache-2.0
#include "sync-server/config/host_name.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "shared/core/display_text.h"
#include "sync-server/text/domain_name.h"

namespace doorstep::config {
namespace {

constexpr std::size_t kHostBytesMax = 253;  // a DNS name
constexpr std::size_t kLabelBytesMax = 63;
constexpr std::size_t kShownBytesMax = 80;  // of the input, in a message
constexpr std::string_view kExample = "write a name such as care.example.org, or an IP address";

// Truncates at a character boundary.
std::string shown(std::string_view text) {
  if (text.size() <= kShownBytesMax)
    return fmt::format("\"{}\"", loggedText(text));
  std::size_t end = 0;
  while (end < kShownBytesMax)
    end += firstCharacter(text.substr(end)).length;
  return fmt::format("\"{}…\"", loggedText(text.substr(0, end)));
}

Error invalid(std::string_view text, std::string_view what) {
  return {ErrorCode::InvalidArgument, "HOST_INVALID",
          fmt::format("{} is no host name: {}", shown(text), what)};
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// An address in its usual spelling, with or without the brackets of a URL.
std::optional<std::string> addressOf(std::string_view text) {
  const bool bracketed = text.size() > 2 && text.front() == '[' && text.back() == ']';
  const std::string plain(bracketed ? text.substr(1, text.size() - 2) : text);
  if (plain.find('\0') != std::string::npos)
    return std::nullopt;
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  std::array<char, INET6_ADDRSTRLEN> written{};
  for (const int family : {AF_INET, AF_INET6}) {
    if (inet_pton(family, plain.c_str(), bytes.data()) != 1 || (bracketed && family == AF_INET))
      continue;
    inet_ntop(family, bytes.data(), written.data(), written.size());
    return std::string(written.data());
  }
  return std::nullopt;
}

bool isLetterOrDigit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool isAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Why the name is invalid (RFC 1123, 2.1); nullopt when it is valid.
std::optional<std::string> flawOf(std::string_view name) {
  if (name.size() > kHostBytesMax)
    return fmt::format("it has {} characters, a name has {} at most", name.size(), kHostBytesMax);
  if (name.find_first_not_of("0123456789.") == std::string_view::npos)
    return "an IP address has four numbers from 0 to 255, such as 192.0.2.7";
  if (name.find('_') != std::string_view::npos)
    return "an underscore may not stand in it; give the server a name with a hyphen in its place";
  if (name.find('*') != std::string_view::npos)
    return "write each name in full, without *";
  while (true) {
    const auto dot = name.find('.');
    const std::string_view label = name.substr(0, dot);
    if (label.empty())
      return "a part between two dots is empty";
    if (label.size() > kLabelBytesMax)
      return fmt::format("a part between two dots has {} characters at most", kLabelBytesMax);
    if (label.front() == '-' || label.back() == '-')
      return "a part between two dots may not begin or end with a hyphen";
    const bool plain = std::all_of(label.begin(), label.end(),
                                   [](char c) { return isLetterOrDigit(c) || c == '-'; });
    if (!plain)
      return "only letters, digits, hyphens and dots may stand in it; " + std::string(kExample);
    if (dot == std::string_view::npos)
      return std::nullopt;
    name.remove_prefix(dot + 1);
  }
}

// For input copied from a browser: reports the host part, if the rest is a URL's.
std::optional<Error> urlInstead(std::string_view text) {
  std::string_view rest = text;
  const auto scheme = rest.find("://");
  if (scheme != std::string_view::npos)
    rest.remove_prefix(scheme + 3);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  const auto user = rest.rfind('@');
  if (user != std::string_view::npos)
    rest.remove_prefix(user + 1);
  const bool wholeUrl = rest.size() != text.size();
  const auto port = rest.rfind(':');
  const bool hasPort = port != std::string_view::npos &&
                       (rest.find(':') == port || rest[port - 1] == ']') &&
                       rest.find_first_not_of("0123456789", port + 1) == std::string_view::npos;
  if (!wholeUrl && !hasPort)
    return std::nullopt;
  const auto host = readHostName(hasPort ? rest.substr(0, port) : rest);
  const std::string alone = host.ok() ? "write " + *host : std::string(kExample);
  if (!hasPort)
    return invalid(text, "a URL is not needed, " + alone);
  return invalid(text, fmt::format("{}; ports have settings of their own", alone));
}

}  // namespace

Result<std::string> readHostName(std::string_view text) {
  const std::string_view name = trimmed(text);
  if (name.empty())
    return invalid(text, "nothing is there; " + std::string(kExample));
  if (textFlaw(name, TextKind::Ref) != TextFlaw::None)
    return invalid(text, "it has characters that cannot be seen, or is not UTF-8");
  if (auto address = addressOf(name)) {
    if (*address == "0.0.0.0" || *address == "::")
      return invalid(text, "nobody can call it; write the address that phones call");
    return *std::move(address);
  }
  if (auto url = urlInstead(name))
    return *std::move(url);
  if (name.find('%') != std::string_view::npos && name.find(':') != std::string_view::npos)
    return invalid(text, "an address with a % counts on one machine only");
  if (name.find(':') != std::string_view::npos)
    return invalid(text, "an IPv6 address looks like 2001:db8::7");
  std::string ascii(name);
  if (!isAscii(name)) {
    auto converted = text::toAsciiDomain(name);
    if (!converted)
      return invalid(text, "it cannot be written as an internationalised (xn--) name");
    ascii = *std::move(converted);
  }
  if (ascii.ends_with('.'))
    ascii.pop_back();
  if (const auto flaw = flawOf(ascii))
    return invalid(text, *flaw);
  return ascii;
}

Result<std::string> readListenAddress(std::string_view text) {
  const std::string_view address = trimmed(text);
  if (address == "localhost")
    return std::string("127.0.0.1");
  if (auto found = addressOf(address))
    return *std::move(found);
  return Error{ErrorCode::InvalidArgument, "ADDRESS_INVALID",
               fmt::format("{} is no address to listen on: write 0.0.0.0 or :: for every address "
                           "of this machine, or one of them",
                           shown(text))};
}

}  // namespace doorstep::config
