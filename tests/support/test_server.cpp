// SPDX-License-Identifier: Apache-2.0
#include "tests/support/test_server.h"
#include "sync-server/roster/rota/rota_reader.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "shared/core/durations.h"
#include "shared/core/local_time.h"
#include "shared/crypto/certificates.h"
#include "sync-server/config/office_desk.h"
#include "sync-server/identity/device_registry.h"
#include "sync-server/roster/provider_setup.h"
#include "sync-server/roster/roster_store.h"
#include "sync-server/roster/rota_import.h"

extern char** environ;

namespace doorstep::support {
namespace {

constexpr const char* kBinary = DOORSTEP_SERVER_BINARY;
constexpr int kCertificateDays = 30;
constexpr int kVisitsPerDay = 12;

template <typename T>
T need(Result<T> result) {
  if (!result.ok())
    std::fprintf(stderr, "test server: %s %s\n", result.error().reason.c_str(),
                 result.error().text.c_str());
  DOORSTEP_CHECK(result.ok());
  return std::move(result).value();
}

void mustSucceed(const Status& status) { need(status); }

struct Child {
  pid_t process = 0;
  int output = -1;  // reading end of what it prints to `descriptor`
};

// Nothing else of this process is handed on: a server that outlives an aborted test must not keep
// whoever runs the tests waiting for the end of their output.
Child spawn(const std::vector<std::string>& arguments, int descriptor) {
  int pipe[2];
  DOORSTEP_CHECK(pipe2(pipe, O_CLOEXEC) == 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], descriptor);
  std::vector<char*> argv;
  for (const auto& argument : arguments)
    argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  Child child;
  DOORSTEP_CHECK(
      posix_spawn(&child.process, argv.front(), &actions, nullptr, argv.data(), environ) == 0);
  posix_spawn_file_actions_destroy(&actions);
  close(pipe[1]);
  child.output = pipe[0];
  return child;
}

std::string readAll(int file) {
  std::string text;
  char buffer[4096];
  ssize_t count = 0;
  while ((count = read(file, buffer, sizeof buffer)) > 0)
    text.append(buffer, static_cast<std::size_t>(count));
  return text;
}

int exitCodeOf(pid_t process) {
  int status = 0;
  DOORSTEP_CHECK(waitpid(process, &status, 0) == process);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace

TestServer::TestServer(const Plan& plan) {
  config::ServerConfig config{.host = "localhost",
                              .alsoKnownAs = {"127.0.0.1"},
                              .deviceAddress = "127.0.0.1",
                              .devicePort = 0,
                              .webAddress = "127.0.0.1",
                              .webPort = 0};
  directory_ = std::make_unique<config::ServerDirectory>(
      need(config::ServerDirectory::create(path(), config)));
  loadPlan(plan);
}

TestServer::~TestServer() { kill(); }

std::unique_ptr<storage::Storage> TestServer::openDatabase() const {
  return need(storage::Storage::open({.path = directory_->databasePath(), .singleThreaded = true}));
}

void TestServer::loadPlan(const Plan& plan) {
  const std::int64_t nowUnixMs = clock_.wallUnixMs();
  std::stringstream people(
      "person_ref,name,latitude,longitude,lot\np0,Ada Example,52.6,-1.1,north\n");
  std::stringstream carers("carer_ref,name,skills,shift_start,shift_end\n");
  std::stringstream visits;
  carers.seekp(0, std::ios::end);
  for (int i = 0; i < plan.carers; ++i)
    carers << "c" << i << ",Carer Example,"
           << ",,"
           << "\n";
  visits << "visit_ref,person_ref,carer_slot,carers_required,carer_ref,service,window_start,window_"
            "end,duration_min,"
            "after_visit_ref,min_gap_min,max_gap_min\n";
  for (int i = 0; i < plan.visits; ++i) {
    const std::string day = londonDay(nowUnixMs + i / plan.carers / kVisitsPerDay * kDayMs);
    visits << "v" << i << ",p0,1,1,c" << i % plan.carers << ",s1," << day << "T08:00:00," << day
           << "T09:00:00,30,,,\n";
  }
  roster::FaultList faults;
  const auto rota =
      roster::readRota({.people = &people, .carers = &carers, .visits = &visits}, faults);
  mustSucceed(config::createDatabase(path()));
  decide([&](sql::Database& writer, event_log::OfficeAct& act) -> Status {
    DOORSTEP_ASSIGN(provider_, roster::ensureProvider(writer, "Example Care", clock_, ids_));
    DOORSTEP_ASSIGN(const auto council,
                    roster::ensureCouncil(writer, "Example Council", clock_, ids_));
    const auto imported = roster::importRota(
        writer, rota, {.provider = provider_, .council = council}, clock_, ids_, act, faults);
    for (const auto& fault : faults.listed())
      std::fprintf(stderr, "rota: %s %s\n", fault.file.c_str(), fault.text.c_str());
    DOORSTEP_TRY(imported);
    DOORSTEP_ASSIGN(const auto made, roster::carers(writer, provider_, CarerId(0), 100'000));
    for (const auto& carer : made)
      carers_.push_back(carer.id);
    DOORSTEP_ASSIGN(const auto planned,
                    roster::visitsInWindow(writer, provider_, 0, INT64_MAX, {}, 1'000'000));
    for (const auto& visit : planned)
      visits_.push_back(visit.id);
    return kDone;
  });
}

void TestServer::decide(const office::OfficeLog::Job& job) {
  const auto directory = need(config::ServerDirectory::open(path()));
  const auto lock = need(directory.lock("a test"));
  auto context = need(config::openForWriting(path(), ""));
  const auto desk = need(config::OfficeDesk::open(context));
  mustSucceed(desk->office().write(config::commandLine(), job));
}

std::pair<EnrolledPhone, identity::Device> TestServer::makePhone(CarerId carer) {
  const auto& keys = directory_->keys();
  const std::uint64_t device = ids_.newId(clock_);
  const auto tlsKey = crypto::P256PrivateKey::generate();
  const auto certificate = need(crypto::issueDeviceCertificate(
      keys.authority, keys.authorityKey, crypto::makeCertificateRequest(tlsKey),
      identity::deviceCommonName(DeviceId(device)), clock_.wallUnixMs(), kCertificateDays));
  EnrolledPhone phone{SigningPhone(device, provider_.value, carer.value),
                      certificate.pem + keys.authority.pem, tlsKey.pem()};
  identity::Device row{.id = DeviceId(device),
                       .provider = provider_,
                       .carer = carer,
                       .signingKeySpki = phone.signer.key().publicKey().spki(),
                       .tlsFingerprint = need(crypto::certificateFingerprint(certificate.pem)),
                       .description = "test",
                       .enrolledUnixMs = clock_.wallUnixMs()};
  return {std::move(phone), std::move(row)};
}

EnrolledPhone TestServer::enrol(int carer) {
  auto [phone, row] = makePhone(carers_.at(static_cast<std::size_t>(carer)));
  const identity::Device& device = row;
  mustSucceed(openDatabase()->write(
      [&](sql::Database& writer) { return identity::addDevice(writer, device); }));
  return std::move(phone);
}

std::vector<EnrolledPhone> TestServer::enrolAll() {
  std::vector<EnrolledPhone> phones;
  mustSucceed(openDatabase()->write([&](sql::Database& writer) -> Status {
    for (const CarerId carer : carers_) {
      auto [phone, row] = makePhone(carer);
      DOORSTEP_TRY(identity::addDevice(writer, row));
      phones.push_back(std::move(phone));
    }
    return kDone;
  }));
  return phones;
}

void TestServer::revoke(const EnrolledPhone& phone) {
  if (process_ == 0)
    return decide([&](sql::Database& database, event_log::OfficeAct& act) {
      return identity::revokeDevice(database, provider_, phone.signer.device(), act);
    });
  mustSucceed(openDatabase()->write([&](sql::Database& writer) -> Status {
    DOORSTEP_ASSIGN(auto row,
                    writer.prepare("UPDATE device SET revoked_unix_ms = ? WHERE device_id = ?"));
    return row.bind(0, clock_.wallUnixMs()).bindId(1, phone.signer.device().value).run();
  }));
}

void TestServer::start() {
  const Child child = spawn({kBinary, "--directory", path(), "serve"}, STDERR_FILENO);
  process_ = child.process;
  std::size_t from = 0;
  {
    const MutexLock lock(mutex_);
    from = log_.size();
    logEnded_ = false;
  }
  logReader_ = std::thread([this, file = child.output] { readLog(file); });
  waitUntilReady(from);
  ports_ = need(directory_->readPorts());
}

void TestServer::takeFolder(const std::string& from) {
  std::filesystem::remove_all(path());
  std::filesystem::copy(from, path(), std::filesystem::copy_options::recursive);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path()))
    if (entry.is_regular_file())  // keys are nobody else's, and a checkout says nothing of that
      std::filesystem::permissions(
          entry.path(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

void TestServer::keepPorts() {
  config::ServerConfig config = directory_->config();
  config.devicePort = ports_.device;
  config.webPort = ports_.web;
  std::ofstream(path() + "/config.toml") << config::writeServerConfig(config);
}

// To the end of the process.
void TestServer::readLog(int standardError) {
  char buffer[4096];
  ssize_t count = 0;
  while ((count = read(standardError, buffer, sizeof buffer)) > 0) {
    const MutexLock lock(mutex_);
    log_.append(buffer, static_cast<std::size_t>(count));
    logGrew_.notifyAll();
  }
  close(standardError);
  const MutexLock lock(mutex_);
  logEnded_ = true;
  logGrew_.notifyAll();
}

// The server says so once the ports file is written. from: where its log begins.
void TestServer::waitUntilReady(std::size_t from) {
  const MutexLock lock(mutex_);
  while (log_.find("serving:", from) == std::string::npos && !logEnded_)
    logGrew_.wait(mutex_);
  const bool listens = log_.find("serving:", from) != std::string::npos;
  if (!listens)
    std::fputs(log_.c_str() + from, stderr);
  DOORSTEP_CHECK(listens);
}

std::string TestServer::log() const {
  const MutexLock lock(mutex_);
  return log_;
}

int TestServer::stop() {
  ::kill(process_, SIGTERM);
  const int code = exitCodeOf(std::exchange(process_, 0));
  logReader_.join();
  return code;
}

void TestServer::kill() {
  if (process_ == 0)
    return;
  ::kill(process_, SIGKILL);
  exitCodeOf(std::exchange(process_, 0));
  logReader_.join();
}

int TestServer::run(const std::vector<std::string>& arguments, std::string* output) {
  std::vector<std::string> all{kBinary, "--directory", path()};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return runProgram(all, output);
}

int runProgram(const std::vector<std::string>& arguments, std::string* output) {
  const Child child = spawn(arguments, STDOUT_FILENO);
  const std::string text = readAll(child.output);
  close(child.output);
  if (output)
    *output = text;
  return exitCodeOf(child.process);
}

}  // namespace doorstep::support
