// SPDX-License-Identifier: Apache-2.0
#include "sync-server/config/server_config.h"

#include <fmt/format.h>

#include <algorithm>

// Header-only: the packaged library throws.
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace doorstep::config {
namespace {

Error errorAt(std::string reason, const toml::source_region& where, std::string_view text) {
  return {ErrorCode::InvalidArgument, std::move(reason),
          fmt::format("config.toml line {}, column {}: {}", where.begin.line, where.begin.column,
                      text)};
}

// One table of the file: what is asked for is taken out, what is left over is a mistake.
class Section {
 public:
  Section(const toml::table& root, std::string_view name)
      : name_(name), table_(root[name].as_table()) {}

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
    const auto read = node->value<std::int64_t>();
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

Result<ServerConfig> parseServerConfig(std::string_view toml) {
  const auto parsed = toml::parse(toml);
  if (!parsed)
    return errorAt("CONFIG_FORMAT", parsed.error().source(), parsed.error().description());
  const toml::table& root = parsed.table();
  for (const auto& [key, node] : root)
    if (key.str() != "server" && key.str() != "devices" && key.str() != "web")
      return errorAt("CONFIG_UNKNOWN_KEY", key.source(),
                     fmt::format("no section or setting {}", key.str()));

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
  DOORSTEP_TRY(web.text("dashboard_directory", config.dashboardDirectory));
  DOORSTEP_TRY(web.nothingElse());
  if (config.host.empty() || config.host.find_first_of(" +\n/") != std::string::npos)
    return Error{ErrorCode::InvalidArgument, "CONFIG_RANGE",
                 "[server] host must be a name or an address"};
  return config;
}

std::string writeServerConfig(const ServerConfig& config) {
  return fmt::format(R"(# A Doorstep server. Restart it after a change.

[server]
# Name or address by which phones and browsers reach it. It stands in its certificate, in enrolment
# texts and in each log's name: do not change it once phones are enrolled.
host = {}
# More names and addresses that stand in the certificate.
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
# Folder of the built dashboard. Empty: only the API.
dashboard_directory = {}
)",
                     quoted(config.host), quotedList(config.alsoKnownAs),
                     quoted(config.deviceAddress), config.devicePort, config.advertisedDevicePort,
                     quoted(config.webAddress), config.webPort, quoted(config.dashboardDirectory));
}

}  // namespace doorstep::config
