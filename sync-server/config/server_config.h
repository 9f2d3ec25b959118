// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/result.h"

namespace doorstep::config {

// config.toml of a server's directory. Every field has a default, an unknown key is an error: a
// setting that was misspelt must not be silently ignored.
struct ServerConfig {
  // [server] The name or address by which phones and browsers reach this server: it stands in the
  // certificate and in enrolment texts.
  std::string host = "localhost";
  // More names and addresses for the certificate.
  std::vector<std::string> alsoKnownAs;

  // [devices] gRPC with mutual TLS. Port 0: any free one; the `ports` file says which.
  std::string deviceAddress = "0.0.0.0";
  std::uint16_t devicePort = 7443;
  // Port that enrolment texts name, when it is not devicePort (a forwarded port). 0: devicePort.
  std::uint16_t advertisedDevicePort = 0;

  // [web] HTTPS front for browsers and scripts.
  std::string webAddress = "0.0.0.0";
  std::uint16_t webPort = 8443;
  // Where browsers see the pages when a proxy stands in front: "https://care.example.org", as the
  // browser's address line begins, with the port when it is not 443.
  std::vector<std::string> publicOrigins;
  // Certificate chain and private key of a public authority for browsers, PEM files; paths are the
  // server's folder's unless they begin with /. Both or neither: then the server's own.
  std::string webCertificate;
  std::string webKey;
  // Folder of the built dashboard. Empty: no pages, only the API.
  std::string dashboardDirectory;
};

// The settings as they are used: names and addresses in their usual spelling (host_name.h). `init`
// calls it for the command line, parseServerConfig for the file. Errors: HOST_INVALID,
// ADDRESS_INVALID, CONFIG_RANGE; the text names the setting and says what to write.
Result<ServerConfig> checkServerConfig(ServerConfig config);

// Errors: CONFIG_FORMAT with line and column, CONFIG_UNKNOWN_KEY, and those of checkServerConfig.
Result<ServerConfig> parseServerConfig(std::string_view toml);
// As `init` writes it, with a comment for each setting.
std::string writeServerConfig(const ServerConfig& config);

}  // namespace doorstep::config
