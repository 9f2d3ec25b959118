// SPDX-License-Identifier: Apache-2.0
#include "sync-server/config/server_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <thread>
#include <utility>
#include <vector>

#include "shared/core/display_text.h"
#include "shared/core/durable_file.h"
#include "shared/core/mutex.h"
#include "shared/crypto/certificate_facts.h"

namespace doorstep::config {
namespace {

namespace fs = std::filesystem;

// A leaked authority outlives any phone, so it is recreated with the server, not renewed.
constexpr int kAuthorityDays = 20 * 365;
constexpr int kServerCertificateDays = 5 * 365;
constexpr const char* kOfficeKeyName = "office.key";

constexpr std::size_t kShownPathBytesMax = 300;
// The largest rota is imported in half a minute.
constexpr std::chrono::milliseconds kCommandWait{60'000};
constexpr std::chrono::milliseconds kCommandTryEvery{50};

// For messages: a path comes from the command line.
std::string shown(const fs::path& path) {
  std::string text = path.string();
  if (text.size() > kShownPathBytesMax)
    text = text.substr(0, kShownPathBytesMax) + "…";
  return loggedText(text);
}

Error fileError(const std::string& what, const fs::path& path, const Error& cause) {
  return {cause.code, "FILE_FAILED", what + " " + shown(path) + ": " + cause.text};
}

// Atomic, also across a power cut: a half-written key would lock out everybody.
Status writeFile(const fs::path& path, std::string_view content) {
  const Status written = writeDurably(path.string(), content);
  return written.ok() ? written : fileError("cannot write", path, written.error());
}

Result<std::string> readNamed(const fs::path& path) {
  auto read = readFile(path.string());
  return read.ok() ? read : fileError("cannot read", path, read.error());
}

Status writeKeys(const fs::path& folder, const ServerKeys& keys) {
  DOORSTEP_TRY(writeFile(folder / "authority.pem", keys.authority.pem));
  DOORSTEP_TRY(writeFile(folder / "authority.key", keys.authorityKey.pem()));
  DOORSTEP_TRY(writeFile(folder / "server.pem", keys.server.pem));
  DOORSTEP_TRY(writeFile(folder / "server.key", keys.serverKey.pem()));
  return writeFile(folder / "log.key", toBase64(keys.logKey.raw()) + "\n");
}

constexpr const char* kFromBackup = "put back the keys folder of a backup";
constexpr const char* kRenew = "`doorstep-server certificate --renew` makes a new one";

Result<std::string> readKeyFile(const fs::path& path, const char* remedy) {
  auto text = readNamed(path);
  if (!text.ok())
    return Error{ErrorCode::FailedPrecondition, "KEYS_MISSING", text.error().text + ": " + remedy};
  return text;
}

Error keysDamaged(const fs::path& path, const char* remedy) {
  return {ErrorCode::DataLoss, "KEYS_DAMAGED", shown(path) + " is damaged: " + remedy};
}
Error keysForeign(const fs::path& path, const char* what, const char* remedy) {
  return {ErrorCode::FailedPrecondition, "KEYS_FOREIGN", shown(path) + " " + what + ": " + remedy};
}

Result<crypto::P256PrivateKey> readPrivateKey(const fs::path& path, const char* remedy) {
  DOORSTEP_ASSIGN(const auto pem, readKeyFile(path, remedy));
  auto key = crypto::P256PrivateKey::fromPem(pem);
  if (!key.ok())
    return keysDamaged(path, remedy);
  return key;
}

std::string authorityName(std::size_t number) {
  return number == 1 ? "authority" : "authority-" + std::to_string(number);
}

Result<Authority> readAuthority(const fs::path& folder, std::size_t number) {
  const std::string name = authorityName(number);
  DOORSTEP_ASSIGN(auto pem, readKeyFile(folder / (name + ".pem"), kFromBackup));
  if (!crypto::certificateFacts(pem).ok())
    return keysDamaged(folder / (name + ".pem"), kFromBackup);
  DOORSTEP_ASSIGN(auto key, readPrivateKey(folder / (name + ".key"), kFromBackup));
  if (!crypto::certificateFitsKey(pem, key.pem()))
    return keysForeign(folder / (name + ".key"), "is not the key of its certificate", kFromBackup);
  return Authority{{std::move(pem)}, std::move(key)};
}

// The certificate is written after the key: an authority exists once its certificate does.
Result<std::vector<Authority>> readAuthorities(const fs::path& folder) {
  std::vector<Authority> found;
  for (std::size_t number = 1; number <= kAuthoritiesMax; ++number) {
    std::error_code failed;
    if (number > 1 && !fs::exists(folder / (authorityName(number) + ".pem"), failed) && !failed)
      break;
    DOORSTEP_ASSIGN(auto authority, readAuthority(folder, number));
    found.push_back(std::move(authority));
  }
  return found;
}

// The number of the authority that issued the certificate; 0: none of them.
std::size_t issuerOf(const std::string& pem, const std::vector<Authority>& authorities) {
  for (std::size_t i = 0; i < authorities.size(); ++i)
    if (crypto::certificateIssuedBy(pem, authorities[i].certificate.pem))
      return i + 1;
  return 0;
}

Result<crypto::Ed25519PrivateKey> readLogKey(const fs::path& path) {
  DOORSTEP_ASSIGN(auto text, readKeyFile(path, kFromBackup));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
    text.pop_back();
  const auto raw = fromBase64(text);
  if (!raw.ok())
    return keysDamaged(path, kFromBackup);
  auto key = crypto::Ed25519PrivateKey::fromRaw(*raw);
  if (!key.ok())
    return keysDamaged(path, kFromBackup);
  return key;
}

Result<ServerKeys> readKeys(const fs::path& folder) {
  DOORSTEP_ASSIGN(auto authorities, readAuthorities(folder));
  DOORSTEP_ASSIGN(auto server, readKeyFile(folder / "server.pem", kRenew));
  if (!crypto::certificateFacts(server).ok())
    return keysDamaged(folder / "server.pem", kRenew);
  DOORSTEP_ASSIGN(auto serverKey, readPrivateKey(folder / "server.key", kRenew));
  if (!crypto::certificateFitsKey(server, serverKey.pem()))
    return keysForeign(folder / "server.key", "is not the key of server.pem", kRenew);
  const std::size_t issuer = issuerOf(server, authorities);
  if (issuer == 0)
    return keysForeign(folder / "server.pem", "was not signed by authority.pem", kRenew);
  DOORSTEP_ASSIGN(auto logKey, readLogKey(folder / "log.key"));
  const Authority authority = authorities[issuer - 1];
  return ServerKeys{authority.certificate, authority.key,     {std::move(server)},
                    std::move(serverKey),  std::move(logKey), std::move(authorities)};
}

Result<crypto::Certificate> issueServer(const Authority& authority,
                                        const crypto::P256PrivateKey& key,
                                        const ServerConfig& config) {
  std::vector<std::string> hosts{config.host};
  hosts.insert(hosts.end(), config.alsoKnownAs.begin(), config.alsoKnownAs.end());
  return crypto::issueServerCertificate(authority.certificate, authority.key, key, hosts,
                                        SystemClock().wallUnixMs(), kServerCertificateDays);
}

Authority makeAuthority(const ServerConfig& config) {
  auto key = crypto::P256PrivateKey::generate();
  auto certificate = crypto::makeAuthority(key, "Doorstep " + config.host,
                                           SystemClock().wallUnixMs(), kAuthorityDays);
  return {std::move(certificate), std::move(key)};
}

Result<ServerKeys> makeKeys(const ServerConfig& config) {
  const Authority authority = makeAuthority(config);
  auto serverKey = crypto::P256PrivateKey::generate();
  DOORSTEP_ASSIGN(auto server, issueServer(authority, serverKey, config));
  return ServerKeys{authority.certificate,
                    authority.key,
                    std::move(server),
                    std::move(serverKey),
                    crypto::Ed25519PrivateKey::generate(),
                    {authority}};
}

Result<ServerConfig> readConfig(const fs::path& path) {
  std::error_code failed;
  const auto status = fs::status(path / "config.toml", failed);
  if (status.type() == fs::file_type::not_found || path.empty())
    return Error{ErrorCode::NotFound, "SERVER_MISSING",
                 "no server in " + shown(path) + "; `init` makes one"};
  DOORSTEP_ASSIGN(const auto text, readNamed(path / "config.toml"));
  return parseServerConfig(text);
}

// Keys are made over those that are there, as an init that was cut off leaves some: never over
// those of a database.
Status checkNoServer(const fs::path& path) {
  std::error_code failed;
  if (fs::exists(path / "config.toml", failed))
    return Error{ErrorCode::AlreadyExists, "SERVER_EXISTS",
                 shown(path) + " holds a server already"};
  for (const char* name : {"doorstep.db", "doorstep.db-wal"}) {
    const auto size = fs::file_size(path / name, failed);
    if (!failed && size > 0)
      return Error{ErrorCode::AlreadyExists, "DATABASE_EXISTS",
                   shown(path / name) +
                       " is there, and no config.toml: put back the config.toml of a backup, or "
                       "move the folder away to begin anew"};
  }
  return kDone;
}

}  // namespace

ServerDirectory::ServerDirectory(fs::path path, ServerConfig config, ServerKeys keys)
    : path_(std::move(path)), config_(std::move(config)), keys_(std::move(keys)) {}

Result<ServerDirectory> ServerDirectory::create(const fs::path& path, const ServerConfig& asked) {
  DOORSTEP_ASSIGN(const ServerConfig config, checkServerConfig(asked));
  DOORSTEP_TRY(checkNoServer(path));
  std::error_code failed;
  fs::create_directories(path / "keys", failed);
  if (failed)
    return Error{ErrorCode::PermissionDenied, "FILE_FAILED", "cannot create " + shown(path)};
  // Of two that begin at once one makes all of it.
  DOORSTEP_ASSIGN(const Lock lock, lockFolder(path, "init"));
  DOORSTEP_TRY(checkNoServer(path));
  fs::permissions(path, fs::perms::owner_all, failed);
  fs::permissions(path / "keys", fs::perms::owner_all, failed);
  DOORSTEP_ASSIGN(auto keys, makeKeys(config));
  ServerDirectory directory(path, config, std::move(keys));
  DOORSTEP_TRY(writeKeys(path / "keys", directory.keys_));
  DOORSTEP_TRY(directory.makeOfficeKey());
  // Last: the folder contains a server once this file exists.
  DOORSTEP_TRY(writeFile(path / "config.toml", writeServerConfig(config)));
  return directory;
}

Result<ServerDirectory> ServerDirectory::open(const fs::path& path) {
  DOORSTEP_ASSIGN(auto config, readConfig(path));
  DOORSTEP_ASSIGN(auto keys, readKeys(path / "keys"));
  return ServerDirectory(path, std::move(config), std::move(keys));
}

Result<std::optional<crypto::P256PrivateKey>> ServerDirectory::readOfficeKey() const {
  const fs::path file = path_ / "keys" / kOfficeKeyName;
  std::error_code failed;
  if (fs::status(file, failed).type() == fs::file_type::not_found)
    return std::optional<crypto::P256PrivateKey>();
  DOORSTEP_ASSIGN(auto key, readPrivateKey(file, kFromBackup));
  return std::optional(std::move(key));
}

Result<crypto::P256PrivateKey> ServerDirectory::makeOfficeKey() const {
  auto key = crypto::P256PrivateKey::generate();
  DOORSTEP_TRY(writeFile(path_ / "keys" / kOfficeKeyName, key.pem()));
  return key;
}

std::string ServerKeys::authoritiesPem() const {
  std::string all;
  for (const Authority& one : authorities)
    all += one.certificate.pem;
  return all;
}

Status ServerDirectory::renewServerCertificate(const fs::path& path, std::size_t authority) {
  DOORSTEP_ASSIGN(const auto config, readConfig(path));
  const fs::path folder = path / "keys";
  DOORSTEP_ASSIGN(const auto authorities, readAuthorities(folder));
  if (authority == 0) {
    const auto before = readNamed(folder / "server.pem");
    authority = authorities.size() == 1 ? 1 : issuerOf(before.ok() ? *before : "", authorities);
  }
  if (authority == 0)
    return Error{ErrorCode::FailedPrecondition, "AUTHORITY_UNCLEAR",
                 "the old certificate does not say which authority issued it: add --authority with "
                 "its number"};
  if (authority > authorities.size())
    return Error{ErrorCode::NotFound, "AUTHORITY_UNKNOWN", "there is no authority of this number"};
  const auto kept = readPrivateKey(folder / "server.key", kRenew);
  const auto key = kept.ok() ? *kept : crypto::P256PrivateKey::generate();
  DOORSTEP_ASSIGN(const auto certificate, issueServer(authorities[authority - 1], key, config));
  if (!kept.ok())
    DOORSTEP_TRY(writeFile(folder / "server.key", key.pem()));
  return writeFile(folder / "server.pem", certificate.pem);
}

Result<std::size_t> ServerDirectory::addAuthority(const fs::path& path) {
  DOORSTEP_ASSIGN(const auto opened, open(path));
  const auto& authorities = opened.keys().authorities;
  if (opened.keys().authority.pem != authorities.back().certificate.pem)
    return Error{ErrorCode::FailedPrecondition, "AUTHORITY_NOT_USED",
                 "the newest authority is not that of the server's certificate yet"};
  if (authorities.size() == kAuthoritiesMax)
    return Error{ErrorCode::ResourceExhausted, "AUTHORITIES_TOO_MANY",
                 "there are as many authorities as a server can have"};
  const Authority made = makeAuthority(opened.config());
  const std::size_t number = authorities.size() + 1;
  const fs::path file = path / "keys" / authorityName(number);
  DOORSTEP_TRY(writeFile(file.string() + ".key", made.key.pem()));
  DOORSTEP_TRY(writeFile(file.string() + ".pem", made.certificate.pem));
  return number;
}

std::pair<fs::path, fs::path> ServerDirectory::webCertificatePaths() const {
  return {path_ / config_.webCertificate, path_ / config_.webKey};
}

Result<ServerDirectory::WebCertificate> ServerDirectory::readWebCertificate() const {
  const auto [chainPath, keyPath] = webCertificatePaths();
  const auto chain = readNamed(chainPath);
  const auto key = readNamed(keyPath);
  if (!chain.ok() || !key.ok())
    return Error{ErrorCode::FailedPrecondition, "WEB_CERTIFICATE_UNREADABLE",
                 "[web] " + (chain.ok() ? key : chain).error().text};
  const auto invalid = [](const std::string& text) {
    return Error{ErrorCode::InvalidArgument, "WEB_CERTIFICATE_INVALID", "[web] " + text};
  };
  if (!crypto::certificateFacts(*chain).ok())
    return invalid("certificate: " + shown(chainPath) + " holds no certificate in PEM");
  if (!crypto::certificateFitsKey(*chain, *key))
    return invalid("key: " + shown(keyPath) + " is not the private key, in PEM and without a " +
                   "pass phrase, of the first certificate in " + shown(chainPath));
  return WebCertificate{*chain, *key};
}

std::uint16_t ServerDirectory::keptDevicePort() const {
  const auto text = readNamed(path_ / "device-port");
  unsigned port = 0;
  if (!text.ok() || std::sscanf(text->c_str(), "%5u", &port) != 1 || port > 65'535)
    return 0;
  return static_cast<std::uint16_t>(port);
}

Status ServerDirectory::keepDevicePort(std::uint16_t port) const {
  return writeFile(path_ / "device-port", std::to_string(port) + "\n");
}

std::string ServerDirectory::databasePath() const { return (path_ / "doorstep.db").string(); }

Status ServerDirectory::writePorts(const ListeningPorts& ports) const {
  return writeFile(path_ / "ports", "device " + std::to_string(ports.device) + "\nweb " +
                                        std::to_string(ports.web) + "\n");
}

void ServerDirectory::removePorts() const {
  std::error_code ignored;
  fs::remove(path_ / "ports", ignored);
}

Result<ListeningPorts> ServerDirectory::readPorts() const {
  const auto text = readNamed(path_ / "ports");
  unsigned device = 0;
  unsigned web = 0;
  if (!text.ok() || std::sscanf(text->c_str(), "device %5u web %5u", &device, &web) != 2)
    return Error{ErrorCode::NotFound, "SERVER_NOT_RUNNING", "no server runs in " + shown(path_)};
  return ListeningPorts{static_cast<std::uint16_t>(device), static_cast<std::uint16_t>(web)};
}

Result<ServerDirectory::Lock> ServerDirectory::lockFolder(const fs::path& folder,
                                                          std::string_view holder) {
  const fs::path path = folder / "serve.lock";
  Lock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock.file_ < 0)
    return fileError("cannot open", path, writeError({errno, std::generic_category()}));
  if (flock(lock.file_, LOCK_EX | LOCK_NB) != 0) {
    char name[32];
    const ssize_t size = pread(lock.file_, name, sizeof name, 0);
    const std::string other(name, static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    if (other.empty() || other == "serve")
      return Error{ErrorCode::FailedPrecondition, "SERVER_RUNNING",
                   "a server runs in " + shown(folder)};
    return Error{ErrorCode::FailedPrecondition, "COMMAND_RUNNING",
                 "`" + loggedText(other) + "` is at work in " + shown(folder) +
                     ": try again when it has ended"};
  }
  // Only text for messages: a full disk does not prevent locking.
  if (ftruncate(lock.file_, 0) == 0)
    (void)!pwrite(lock.file_, holder.data(), holder.size(), 0);
  return lock;
}

Result<ServerDirectory::Lock> ServerDirectory::lockAfterCommand(std::string_view holder) const {
  const auto deadline = Condition::deadlineIn(kCommandWait);
  while (true) {
    auto taken = lock(holder);
    const bool waits = !taken.ok() && taken.error().reason == "COMMAND_RUNNING";
    if (!waits || Condition::deadlineIn(std::chrono::milliseconds(0)) >= deadline)
      return taken;
    std::this_thread::sleep_for(kCommandTryEvery);
  }
}

ServerDirectory::Lock::Lock(Lock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

ServerDirectory::Lock::~Lock() {
  if (file_ >= 0)
    close(file_);
}

}  // namespace doorstep::config
