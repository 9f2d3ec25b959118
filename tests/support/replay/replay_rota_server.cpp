// SPDX-License-Identifier: Apache-2.0
#include "tests/support/replay/replay_rota_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "shared/crypto/certificates.h"
#include "shared/wire/enrolment_text.h"

namespace doorstep::replay {
namespace {

constexpr const char* kLogin = "replay";
constexpr const char* kPassword = "replay of a published rota";
constexpr const char* kProvider = "Replay Home Care";
constexpr const char* kCouncil = "Replay County Council";
constexpr std::chrono::milliseconds kPollInterval{2};
constexpr std::chrono::seconds kStartMax{30};

Error failed(const std::string& command, const Ended& ended) {
  return {ErrorCode::Internal, "COMMAND_FAILED", command + " failed: " + ended.output};
}

// A port that nobody has now. A killed server must come back on it, so it is none of those that the
// kernel gives to outgoing connections.
std::uint16_t freePort() {
  constexpr std::uint16_t kFirst = 20'000;
  constexpr std::uint16_t kCount = 12'000;
  for (;;) {
    std::uint16_t random = 0;
    (void)!getrandom(&random, sizeof(random), 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto port = static_cast<std::uint16_t>(kFirst + random % kCount);
    address.sin_port = htons(port);
    const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool isFree =
        bind(probe, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
    close(probe);
    if (isFree)
      return port;
  }
}

}  // namespace

ReplayServer::ReplayServer(Processes& processes, std::string program, std::filesystem::path folder,
                           std::string clockFile)
    : processes_(processes),
      program_(std::move(program)),
      folder_(std::move(folder)),
      clockFile_(std::move(clockFile)) {}

std::vector<std::string> ReplayServer::commandLine(
    const std::vector<std::string>& arguments) const {
  std::vector<std::string> line{program_, "--directory", folder_.string(), "--clock", clockFile_};
  line.insert(line.end(), arguments.begin(), arguments.end());
  return line;
}

Ended ReplayServer::command(const std::vector<std::string>& arguments, const std::string& input) {
  return processes_.run(commandLine(arguments), input, false);
}

Status ReplayServer::create() {
  devicePort_ = freePort();
  do {
    webPort_ = freePort();
  } while (webPort_ == devicePort_);
  const Ended made = command({"init", "--host", "127.0.0.1", "--device-address", "127.0.0.1",
                              "--device-port", std::to_string(devicePort_), "--web-address",
                              "127.0.0.1", "--web-port", std::to_string(webPort_)},
                             "");
  if (!made.ok())
    return failed("init", made);
  const Ended account =
      command({"account", "create", "--role", "operator", "--password-stdin", kLogin},
              std::string(kPassword) + "\n");
  return account.ok() ? Status(kDone) : Status(failed("account create", account));
}

Result<ImportedRota> ReplayServer::importRota(const std::filesystem::path& folder) {
  const Ended done = command({"import-rota", "--provider", kProvider, "--council", kCouncil,
                              "--rules", "no-tolerance", folder.string()},
                             "");
  if (!done.ok())
    return Error{ErrorCode::InvalidArgument, "ROTA_REFUSED", done.output};
  unsigned long long provider = 0;
  unsigned long long people = 0;
  unsigned long long carers = 0;
  unsigned long long visits = 0;
  if (std::sscanf(done.output.c_str(),
                  "Provider %llu (%*[^)]): %llu people, %llu carers, %llu visits", &provider,
                  &people, &carers, &visits) != 4)
    return failed("import-rota", done);
  return ImportedRota{provider, people, carers, visits};
}

Status ReplayServer::start() {
  const MutexLock lock(mutex_);
  return startLocked();
}

Status ReplayServer::startLocked() {
  const auto deadline = std::chrono::steady_clock::now() + kStartMax;
  const std::filesystem::path ports = folder_ / "ports";
  std::error_code ignored;
  std::filesystem::remove(ports, ignored);
  process_ = processes_.start(commandLine({"serve"}));
  while (std::chrono::steady_clock::now() < deadline && processes_.running(process_)) {
    if (std::filesystem::exists(ports, ignored))
      return kDone;
    std::this_thread::sleep_for(kPollInterval);
  }
  return Error{ErrorCode::Unavailable, "SERVER_NOT_STARTED",
               "the server did not start; see its error output"};
}

Result<std::map<std::string, Enrolment>> ReplayServer::enrolments() {
  const Ended done = command({"enrol", "--all", "--json"}, "");
  if (!done.ok())
    return failed("enrol", done);
  std::map<std::string, Enrolment> byRef;
  std::istringstream lines(done.output);
  for (std::string line; std::getline(lines, line);) {
    const auto offer = nlohmann::json::parse(line, nullptr, false);
    if (!offer.is_object())
      return failed("enrol", done);
    byRef[offer["carer_ref"]] = {offer["carer_id"], offer["enrolment_text"]};
  }
  if (!byRef.empty()) {
    DOORSTEP_ASSIGN(const auto offer, wire::parseEnrolmentText(byRef.begin()->second.text));
    authorityPem_ = crypto::pemFromCertificateDer(offer.authorityDer);
  }
  return byRef;
}

Result<Api> ReplayServer::signIn() {
  Api api(webPort_, authorityPem_);
  DOORSTEP_TRY(api.signIn(kLogin, kPassword));
  return api;
}

Status ReplayServer::crash() {
  const MutexLock lock(mutex_);
  processes_.stop(process_, SIGKILL);
  return startLocked();
}

void ReplayServer::stop() {
  const MutexLock lock(mutex_);
  processes_.stop(process_, SIGTERM);
  process_ = -1;
}

}  // namespace doorstep::replay
