// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/result.h"

namespace doorstep::config {

// config.toml of a server's directory. Every field has a default; an unknown key is an error, so
// that a misspelt setting is not silently ignored.
struct ServerConfig {
  // [server] The name or address at which phones and browsers reach this server; used in the
  // certificate and in enrolment texts.
  std::string host = "localhost";
  // Further names and addresses for the certificate.
  std::vector<std::string> alsoKnownAs;

  // [devices] gRPC with mutual TLS. Port 0: any free port, which the `ports` file names.
  std::string deviceAddress = "0.0.0.0";
  std::uint16_t devicePort = 7443;
  // Port in enrolment texts when it differs from devicePort (a forwarded port). 0: devicePort.
  std::uint16_t advertisedDevicePort = 0;

  // [web] HTTPS front for browsers and scripts.
  std::string webAddress = "0.0.0.0";
  std::uint16_t webPort = 8443;
  // Origins at which browsers see the pages behind a proxy, "https://care.example.org": as at the
  // start of the browser's address line, with the port when it is not 443.
  std::vector<std::string> publicOrigins;
  // Certificate chain and private key of a public authority for browsers, PEM files; relative paths
  // start in the server's folder. Both or neither: without them the server's own are used.
  std::string webCertificate;
  std::string webKey;
  // Folder of the built dashboard. Empty: no pages, only the API.
  std::string dashboardDirectory;
};

// Validates the settings and normalises names and addresses (host_name.h). Used by `init` for the
// command line and by parseServerConfig for the file. Errors: HOST_INVALID, ADDRESS_INVALID,
// CONFIG_RANGE; the text names the setting and says what to write.
Result<ServerConfig> checkServerConfig(ServerConfig config);

// Errors: CONFIG_FORMAT with line and column, CONFIG_UNKNOWN_KEY, and those of checkServerConfig.
Result<ServerConfig> parseServerConfig(std::string_view toml);
// The file that `init` writes, with a comment for each setting.
std::string writeServerConfig(const ServerConfig& config);

}  // namespace doorstep::config
