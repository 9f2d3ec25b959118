// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/crypto/certificates.h"
#include "shared/crypto/keys.h"
#include "sync-server/config/server_config.h"

namespace doorstep::config {

struct Authority {
  crypto::Certificate certificate;
  crypto::P256PrivateKey key;
};

// Of a server that goes over from one authority to the next (docs/adr/0024); most have one.
constexpr std::size_t kAuthoritiesMax = 8;

// What only the server knows. Files of mode 0600 in keys/.
struct ServerKeys {
  // The one that issued the server's own certificate: new codes name it.
  crypto::Certificate authority;
  crypto::P256PrivateKey authorityKey;
  crypto::Certificate server;
  crypto::P256PrivateKey serverKey;
  crypto::Ed25519PrivateKey logKey;  // signs checkpoints of all logs of this server
  // All of them, in the order in which they were made: authority.pem, authority-2.pem, … The newest
  // renews device certificates; those of each are good.
  std::vector<Authority> authorities;

  std::string authoritiesPem() const;
};

// Where the running server listens. Written to the file `ports` when it is ready, removed when it
// ends.
struct ListeningPorts {
  std::uint16_t device = 0;
  std::uint16_t web = 0;
};

// The folder of one server: config.toml, keys/, doorstep.db, serve.lock, ports, device-port.
// Thread: one at a time.
class ServerDirectory {
 public:
  // Errors: ALREADY_EXISTS (SERVER_EXISTS) when the folder holds a server, those of
  // checkServerConfig before anything is made, and the file system's.
  // Certificates start now by the operating system's clock.
  static Result<ServerDirectory> create(const std::filesystem::path& path,
                                        const ServerConfig& asked);
  // Errors: NOT_FOUND (SERVER_MISSING), CONFIG_…, those of the file system, and KEYS_MISSING,
  // KEYS_DAMAGED or KEYS_FOREIGN (a key or certificate that is not of this server) with the file.
  static Result<ServerDirectory> open(const std::filesystem::path& path);
  // A new certificate for the configured names, under the authority that phones know, in the place
  // of the old one: also when that, or its key, is missing or damaged. The key stays when it can be
  // read. A crash in between leaves a pair that does not fit; then it is called again.
  // authority: the number of the one that issues it from now on; 0: the same as before. Errors
  // besides those of open: AUTHORITY_UNKNOWN; AUTHORITY_UNCLEAR when there are several and the old
  // certificate does not say which.
  static Status renewServerCertificate(const std::filesystem::path& path,
                                       std::size_t authority = 0);
  // Makes the next authority, which renews device certificates from the next start on; the server's
  // own certificate stays. Its number. Errors besides those of open: AUTHORITY_NOT_USED while the
  // newest one is not that of the server's certificate, AUTHORITIES_TOO_MANY.
  static Result<std::size_t> addAuthority(const std::filesystem::path& path);

  // The key with which each provider's office signs what it decides: keys/office.key. Nothing when
  // there is no such file, as in a folder of an earlier release. Errors: KEYS_MISSING when it is
  // there and cannot be read, KEYS_DAMAGED.
  Result<std::optional<crypto::P256PrivateKey>> readOfficeKey() const;
  // Makes it. Only for a database in which no office has signed anything yet.
  Result<crypto::P256PrivateKey> makeOfficeKey() const;

  const ServerConfig& config() const { return config_; }
  const ServerKeys& keys() const { return keys_; }
  const std::filesystem::path& path() const { return path_; }
  std::string databasePath() const;

  // The certificate for people that config.toml names: read anew and checked at each call. Errors:
  // WEB_CERTIFICATE_UNREADABLE, WEB_CERTIFICATE_INVALID (with its key).
  struct WebCertificate {
    std::string chainPem;
    std::string keyPem;
  };
  Result<WebCertificate> readWebCertificate() const;
  // Where its chain and its key lie.
  std::pair<std::filesystem::path, std::filesystem::path> webCertificatePaths() const;

  // The port for phones of a server that may take any free one: kept, because phones know it, from
  // the first enrolment or start on. 0: none yet.
  std::uint16_t keptDevicePort() const;
  Status keepDevicePort(std::uint16_t port) const;

  Status writePorts(const ListeningPorts& ports) const;
  void removePorts() const;
  // Of the server that runs here. Error NOT_FOUND (SERVER_NOT_RUNNING).
  Result<ListeningPorts> readPorts() const;

  // Held by the one process that writes the database: serve, or a command while no server runs. The
  // kernel drops it when the process ends, however it ends.
  class Lock {
   public:
    Lock(Lock&& other) noexcept;
    Lock& operator=(Lock&&) = delete;
    ~Lock();

   private:
    friend class ServerDirectory;
    explicit Lock(int file) : file_(file) {}
    int file_;
  };
  // holder: what is typed, for the words of who comes later. Errors FAILED_PRECONDITION:
  // SERVER_RUNNING, COMMAND_RUNNING.
  Result<Lock> lock(std::string_view holder) const;
  // The same, waiting for a command to end (kCommandWait).
  Result<Lock> lockAfterCommand(std::string_view holder) const;

 private:
  ServerDirectory(std::filesystem::path path, ServerConfig config, ServerKeys keys);
  std::filesystem::path path_;
  ServerConfig config_;
  ServerKeys keys_;
};

}  // namespace doorstep::config
