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

// Maximum for a server that changes authorities (docs/adr/0024); most have one.
constexpr std::size_t kAuthoritiesMax = 8;

// The server's secrets and certificates. Files of mode 0600 in keys/.
struct ServerKeys {
  // The authority that issued the server's own certificate; new enrolment codes name it.
  crypto::Certificate authority;
  crypto::P256PrivateKey authorityKey;
  crypto::Certificate server;
  crypto::P256PrivateKey serverKey;
  crypto::Ed25519PrivateKey logKey;  // signs checkpoints of all logs of this server
  // All authorities in order of creation: authority.pem, authority-2.pem, … The newest renews
  // device certificates; certificates of all are accepted.
  std::vector<Authority> authorities;

  std::string authoritiesPem() const;
};

// The running server's ports. Written to the file `ports` when it is ready, removed when it ends.
struct ListeningPorts {
  std::uint16_t device = 0;
  std::uint16_t web = 0;
};

// The folder of one server: config.toml, keys/, doorstep.db, serve.lock, ports, device-port.
// Thread: one at a time.
class ServerDirectory {
 public:
  // Errors: ALREADY_EXISTS (SERVER_EXISTS, DATABASE_EXISTS), those of checkServerConfig before
  // anything is made, COMMAND_RUNNING, SERVER_RUNNING, and the file system's.
  // Certificates start now by the operating system's clock.
  static Result<ServerDirectory> create(const std::filesystem::path& path,
                                        const ServerConfig& asked);
  // Errors: NOT_FOUND (SERVER_MISSING), CONFIG_…, those of the file system, and KEYS_MISSING,
  // KEYS_DAMAGED or KEYS_FOREIGN (a key or certificate of another server); the text names the file.
  static Result<ServerDirectory> open(const std::filesystem::path& path);
  // Replaces the server's certificate by a new one for the configured names, issued by the
  // authority that phones know; also when it or its key is missing or damaged. A readable key is
  // kept. A crash may leave a pair that does not match; then call it again. authority: the number
  // of the issuing authority from now on; 0: unchanged. Errors besides those of open:
  // AUTHORITY_UNKNOWN; AUTHORITY_UNCLEAR when there are several and the old certificate does not
  // show which.
  static Status renewServerCertificate(const std::filesystem::path& path,
                                       std::size_t authority = 0);
  // Creates the next authority, which renews device certificates from the next start on; the
  // server's own certificate stays. Returns its number. Errors besides those of open:
  // AUTHORITY_NOT_USED while the newest one has not issued the server's certificate,
  // AUTHORITIES_TOO_MANY.
  static Result<std::size_t> addAuthority(const std::filesystem::path& path);

  // The key that signs each provider's office decisions: keys/office.key. nullopt without such a
  // file, as in a folder of an earlier release. Errors: KEYS_MISSING when it cannot be read,
  // KEYS_DAMAGED.
  Result<std::optional<crypto::P256PrivateKey>> readOfficeKey() const;
  // Creates that key. Only for a database in which no office has signed anything.
  Result<crypto::P256PrivateKey> makeOfficeKey() const;

  const ServerConfig& config() const { return config_; }
  const ServerKeys& keys() const { return keys_; }
  const std::filesystem::path& path() const { return path_; }
  std::string databasePath() const;

  // The web certificate named in config.toml; read and checked at each call. Errors:
  // WEB_CERTIFICATE_UNREADABLE, WEB_CERTIFICATE_INVALID (also when the key does not match).
  struct WebCertificate {
    std::string chainPem;
    std::string keyPem;
  };
  Result<WebCertificate> readWebCertificate() const;
  // Paths of its chain and its key.
  std::pair<std::filesystem::path, std::filesystem::path> webCertificatePaths() const;

  // The device port of a server configured for any free port: fixed from the first enrolment or
  // start on, because phones know it. 0: none yet.
  std::uint16_t keptDevicePort() const;
  Status keepDevicePort(std::uint16_t port) const;

  Status writePorts(const ListeningPorts& ports) const;
  void removePorts() const;
  // Ports of the server that runs in this folder. Error NOT_FOUND (SERVER_NOT_RUNNING).
  Result<ListeningPorts> readPorts() const;

  // Held by the one process that writes the database or the keys: serve, or a command while no
  // server runs. The kernel drops it when the process ends, however it ends.
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
  Result<Lock> lock(std::string_view holder) const { return lockFolder(path_, holder); }
  // Of a folder whose keys may be missing or damaged, for who mends them.
  static Result<Lock> lockFolder(const std::filesystem::path& path, std::string_view holder);
  // The same, waiting for a command to end (kCommandWait).
  Result<Lock> lockAfterCommand(std::string_view holder) const;

 private:
  ServerDirectory(std::filesystem::path path, ServerConfig config, ServerKeys keys);
  std::filesystem::path path_;
  ServerConfig config_;
  ServerKeys keys_;
};

}  // namespace doorstep::config
