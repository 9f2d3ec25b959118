// SPDX-License-Identifier: Apache-2.0
#include "sync-server/config/server_config.h"

#include <fmt/format.h>

#include <algorithm>

// Header-only: the packaged library throws.
#define TOML_EXCEPTIONS 0
// toml++ asserts (or, with NDEBUG, assumes) conditions that a file such as "[=]" violates, although
// it also reports an error for it.
#undef NDEBUG
#define TOML_ASSERT(expression) static_cast<void>(0)
#include <toml++/toml.h>

#include "shared/core/display_text.h"
#include "sync-server/config/host_name.h"

namespace doorstep::config {
namespace {

constexpr std::size_t kAlsoKnownAsMax = 100;  // names in one certificate
constexpr std::size_t kPathBytesMax = 4096;   // PATH_MAX of Linux

Error errorAt(std::string reason, const toml::source_region& where, std::string_view text) {
  return {ErrorCode::InvalidArgument, std::move(reason),
          fmt::format("config.toml line {}, column {}: {}", where.begin.line, where.begin.column,
                      text)};
}

// One table of the file: settings are removed as they are read, and any left over is an error.
class Section {
 public:
  Section(const toml::table& root, std::string_view name)
      : name_(name), table_(root[name].as_table()) {}

  // A missing table means the defaults. Error CONFIG_RANGE when the name is not a table.
  static Status isOne(const toml::table& root, std::string_view name) {
    const auto* node = root.get(name);
    if (node && !node->is_table())
      return errorAt("CONFIG_RANGE", node->source(), fmt::format("write [{}] as a section", name));
    return kDone;
  }

  Status text(std::string_view key, std::string& value) {
    const auto* node = take(key);
    if (!node)
      return kDone;
    const auto read = node->value<std::string>();
    if (!read)
      return wrong(key, *node, "a text in quotes");
    value = *read;
    return kDone;
  }

  Status port(std::string_view key, std::uint16_t& value) {
    const auto* node = take(key);
    if (!node)
      return kDone;
    const auto read = node->value_exact<std::int64_t>();
    if (!read || *read < 0 || *read > 65'535)
      return wrong(key, *node, "a port from 0 to 65535");
    value = static_cast<std::uint16_t>(*read);
    return kDone;
  }

  Status texts(std::string_view key, std::vector<std::string>& values) {
    const auto* node = take(key);
    if (!node)
      return kDone;
    const auto* array = node->as_array();
    if (!array)
      return wrong(key, *node, "a list of texts");
    for (const auto& element : *array) {
      const auto read = element.value<std::string>();
      if (!read)
        return wrong(key, element, "a list of texts");
      values.push_back(*read);
    }
    return kDone;
  }

  Status nothingElse() const {
    if (!table_)
      return kDone;
    for (const auto& [key, node] : *table_)
      if (std::find(taken_.begin(), taken_.end(), key.str()) == taken_.end())
        return errorAt("CONFIG_UNKNOWN_KEY", key.source(),
                       fmt::format("no setting [{}] {}", name_, key.str()));
    return kDone;
  }

 private:
  const toml::node* take(std::string_view key) {
    taken_.push_back(key);
    return table_ ? table_->get(key) : nullptr;
  }
  Error wrong(std::string_view key, const toml::node& node, std::string_view expected) const {
    return errorAt("CONFIG_RANGE", node.source(),
                   fmt::format("[{}] {} must be {}", name_, key, expected));
  }

  std::string_view name_;
  const toml::table* table_;
  std::vector<std::string_view> taken_;
};

// Puts the setting's key in front of the error's text.
Error named(const char* key, Error error) {
  error.text = fmt::format("{}: {}", key, error.text);
  return error;
}

// "https://name" or "https://name:port".
bool isOrigin(std::string_view text) {
  constexpr std::string_view kScheme = "https://";
  return text.starts_with(kScheme) && text.size() > kScheme.size() &&
         text.find_first_of(" \t\r\n/\\?#@,\"'*", kScheme.size()) == std::string_view::npos;
}

Status checkOrigins(const ServerConfig& config) {
  for (const auto& origin : config.publicOrigins)
    if (!isOrigin(origin))
      return Error{ErrorCode::InvalidArgument, "CONFIG_RANGE",
                   "[web] public_origins: \"" + origin +
                       "\" must be as a browser's address line begins, without a slash at its end: "
                       "https://care.example.org"};
  return kDone;
}

Status checkPath(const char* key, const std::string& path) {
  if (textFlaw(path, TextKind::Line) == TextFlaw::None && path.size() <= kPathBytesMax)
    return kDone;
  return Error{ErrorCode::InvalidArgument, "CONFIG_RANGE",
               fmt::format("{}: write a path in UTF-8 and without line ends", key)};
}

Status checkPorts(const ServerConfig& config) {
  const bool sameAddress = config.deviceAddress == config.webAddress ||
                           config.deviceAddress == "0.0.0.0" || config.webAddress == "0.0.0.0" ||
                           config.deviceAddress == "::" || config.webAddress == "::";
  if (config.devicePort != 0 && config.devicePort == config.webPort && sameAddress)
    return Error{ErrorCode::InvalidArgument, "CONFIG_RANGE",
                 fmt::format("phones and browsers cannot share port {}: give one of them another",
                             config.devicePort)};
  return kDone;
}

std::string quoted(const std::string& text) {
  std::string escaped = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      escaped += '\\';
    escaped += c;
  }
  return escaped + "\"";
}

std::string quotedList(const std::vector<std::string>& texts) {
  std::string list = "[";
  for (const auto& text : texts)
    list += (list.size() > 1 ? ", " : "") + quoted(text);
  return list + "]";
}

}  // namespace

Result<ServerConfig> checkServerConfig(ServerConfig config) {
  auto host = readHostName(config.host);
  if (!host.ok())
    return named("host", host.error());
  config.host = *host;
  if (config.alsoKnownAs.size() > kAlsoKnownAsMax)
    return Error{ErrorCode::InvalidArgument, "CONFIG_RANGE",
                 fmt::format("also_known_as: {} names at most", kAlsoKnownAsMax)};
  for (std::string& name : config.alsoKnownAs) {
    auto read = readHostName(name);
    if (!read.ok())
      return named("also_known_as", read.error());
    name = *read;
  }
  auto deviceAddress = readListenAddress(config.deviceAddress);
  if (!deviceAddress.ok())
    return named("device address", deviceAddress.error());
  config.deviceAddress = *deviceAddress;
  auto webAddress = readListenAddress(config.webAddress);
  if (!webAddress.ok())
    return named("web address", webAddress.error());
  config.webAddress = *webAddress;
  DOORSTEP_TRY(checkPorts(config));
  DOORSTEP_TRY(checkOrigins(config));
  DOORSTEP_TRY(checkPath("dashboard_directory", config.dashboardDirectory));
  DOORSTEP_TRY(checkPath("certificate", config.webCertificate));
  DOORSTEP_TRY(checkPath("key", config.webKey));
  if (config.webCertificate.empty() != config.webKey.empty())
    return Error{ErrorCode::InvalidArgument, "CONFIG_RANGE",
                 "[web] certificate and key belong together: write both or neither"};
  return config;
}

namespace {

// The file in ASCII only: other characters in quoted texts as \U escapes, comments removed. The
// parser's character tables have undefined behaviour for some characters outside ASCII (toml++ 3.3,
// found by fuzzing), also when it reads on after an error; names of settings have none.
Result<std::string> asciiOf(std::string_view toml) {
  std::string ascii;
  char quote = '\0';  // of the current text
  std::size_t line = 1;
  while (!toml.empty()) {
    const TextCharacter character = firstCharacter(toml);
    const char byte = toml.front();
    const bool isMark = ascii.empty() && toml.starts_with("\xEF\xBB\xBF");
    line += byte == '\n' ? 1 : 0;
    if (byte == '#' && quote == '\0') {
      toml.remove_prefix(std::min(toml.find('\n'), toml.size()));
      continue;
    }
    if (character.codePoint >= 0x80 && quote == '"')
      ascii += fmt::format("\\U{:08X}", character.codePoint);
    else if (character.codePoint < 0x80)
      ascii += byte;
    else if (!isMark)
      return Error{ErrorCode::InvalidArgument, "CONFIG_FORMAT",
                   fmt::format("line {}: a letter that is not ASCII stands outside of double "
                               "quotation marks",
                               line)};
    toml.remove_prefix(character.length);
    if (byte == '\\' && quote == '"' && !toml.empty() && firstCharacter(toml).codePoint < 0x80) {
      ascii += toml.front();
      line += toml.front() == '\n' ? 1 : 0;
      toml.remove_prefix(1);
    } else if (quote == '\0' && (byte == '"' || byte == '\'')) {
      quote = byte;
    } else if (byte == quote) {
      quote = '\0';
    }
  }
  return ascii;
}

}  // namespace

Result<ServerConfig> parseServerConfig(std::string_view toml) {
  if (!isUtf8(toml))
    return Error{ErrorCode::InvalidArgument, "CONFIG_FORMAT", "the file is not UTF-8"};
  DOORSTEP_ASSIGN(const std::string ascii, asciiOf(toml));
  const auto parsed = toml::parse(std::string_view(ascii));
  if (!parsed)
    return errorAt("CONFIG_FORMAT", parsed.error().source(), parsed.error().description());
  const toml::table& root = parsed.table();
  for (const auto& [key, node] : root)
    if (key.str() != "server" && key.str() != "devices" && key.str() != "web")
      return errorAt("CONFIG_UNKNOWN_KEY", key.source(),
                     fmt::format("no section or setting {}", key.str()));

  for (const char* name : {"server", "devices", "web"})
    DOORSTEP_TRY(Section::isOne(root, name));

  ServerConfig config;
  Section server(root, "server");
  DOORSTEP_TRY(server.text("host", config.host));
  DOORSTEP_TRY(server.texts("also_known_as", config.alsoKnownAs));
  DOORSTEP_TRY(server.nothingElse());
  Section devices(root, "devices");
  DOORSTEP_TRY(devices.text("address", config.deviceAddress));
  DOORSTEP_TRY(devices.port("port", config.devicePort));
  DOORSTEP_TRY(devices.port("advertised_port", config.advertisedDevicePort));
  DOORSTEP_TRY(devices.nothingElse());
  Section web(root, "web");
  DOORSTEP_TRY(web.text("address", config.webAddress));
  DOORSTEP_TRY(web.port("port", config.webPort));
  DOORSTEP_TRY(web.texts("public_origins", config.publicOrigins));
  DOORSTEP_TRY(web.text("certificate", config.webCertificate));
  DOORSTEP_TRY(web.text("key", config.webKey));
  DOORSTEP_TRY(web.text("dashboard_directory", config.dashboardDirectory));
  DOORSTEP_TRY(web.nothingElse());
  return checkServerConfig(std::move(config));
}

std::string writeServerConfig(const ServerConfig& config) {
  return fmt::format(R"(# A Doorstep server. Restart it after a change.

[server]
# Name or address by which phones and browsers reach it. It stands in its certificate and in
# enrolment texts. Phones keep the name that they were enrolled with: after a move, keep the old one
# in also_known_as and make a new certificate (`doorstep-server certificate --renew`).
host = {}
# More names and addresses for the certificate; after a change: `certificate --renew`.
also_known_as = {}

[devices]
# Where phones call: gRPC with mutual TLS. Port 0: any free one, written to the file "ports".
address = {}
port = {}
# Port that enrolment texts name when it is another one (forwarding). 0: the same.
advertised_port = {}

[web]
# Where browsers and scripts call: HTTPS.
address = {}
port = {}
# Where browsers see the pages when a proxy stands in front, for example
# ["https://care.example.org"]. Calls from pages of other sites are refused.
public_origins = {}
# Certificate chain and private key of a public authority for browsers: two PEM files, in this
# folder unless they begin with /. Empty: the server's own certificate.
certificate = {}
key = {}
# Folder of the built dashboard. Empty: only the API.
dashboard_directory = {}
)",
                     quoted(config.host), quotedList(config.alsoKnownAs),
                     quoted(config.deviceAddress), config.devicePort, config.advertisedDevicePort,
                     quoted(config.webAddress), config.webPort, quotedList(config.publicOrigins),
                     quoted(config.webCertificate), quoted(config.webKey),
                     quoted(config.dashboardDirectory));
}

}  // namespace doorstep::config
