// SPDX-License-Identifier: Apache-2.0
#include "tests/loopback/http_front_fixture.h"

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <future>
#include <thread>

#include "doorstep/admin/v1/account_service.grpc.pb.h"
#include "doorstep/admin/v1/office_service.grpc.pb.h"
#include "doorstep/monitoring/v1/board_service.grpc.pb.h"
#include "shared/core/clock.h"
#include "shared/core/mutex.h"
#include "shared/crypto/certificates.h"

namespace doorstep::loopback {
namespace {

namespace fs = std::filesystem;

grpc::Status refused() { return {grpc::StatusCode::UNAUTHENTICATED, "wrong login or password"}; }

class FakeAccounts final : public admin::v1::AccountService::Service {
 public:
  grpc::Status SignIn(grpc::ServerContext* context, const admin::v1::SignInRequest* request,
                      admin::v1::SignInResponse* response) override {
    if (request->login() == "cookie") {
      context->AddInitialMetadata("set-cookie", "__Host-doorstep-session=t0ken; Secure; HttpOnly");
    } else if (request->login() == "refused") {
      context->AddTrailingMetadata("doorstep-reason", "SIGN_IN_FAILED");
      return refused();
    } else if (request->login() == "slow") {
      while (!context->IsCancelled()) {
        std::this_thread::yield();
      }
      return grpc::Status::CANCELLED;
    } else {
      response->mutable_session()->set_display_name(request->login());
    }
    return grpc::Status::OK;
  }

  grpc::Status GetSession(grpc::ServerContext* context, const admin::v1::GetSessionRequest*,
                          admin::v1::GetSessionResponse* response) override {
    std::string seen;
    for (const auto& [key, value] : context->client_metadata()) {
      seen +=
          std::string(key.data(), key.size()) + "=" + std::string(value.data(), value.size()) + ";";
    }
    response->mutable_session()->set_display_name(seen);
    return grpc::Status::OK;
  }
};

class FakeBoard final : public monitoring::v1::BoardService::Service {
 public:
  grpc::Status WatchBoard(grpc::ServerContext* context,
                          const monitoring::v1::WatchBoardRequest* request,
                          grpc::ServerWriter<monitoring::v1::WatchBoardResponse>* writer) override {
    const bool forever = request->day() == "forever";
    const std::uint64_t count = forever ? 1 : request->after_revision();
    for (std::uint64_t i = 1; i <= count; ++i) {
      monitoring::v1::WatchBoardResponse response;
      response.set_revision(i);
      writer->Write(response);
    }
    if (request->day() == "refused") {
      context->AddTrailingMetadata("doorstep-reason", "SIGN_IN_FAILED");
      return refused();
    }
    if (forever) {
      while (!context->IsCancelled()) {
        std::this_thread::yield();
      }
      cancelled_.store(true);
      cancelled_.notify_all();
    }
    return grpc::Status::OK;
  }

  std::atomic<bool> cancelled_{false};
};

class FakeLog final : public http::LogReader {
 public:
  Result<Head> head(ProviderId) const override { return Head{300, "signed note\n"}; }
  Result<std::string> tile(ProviderId, const evidence::TilePath& path) const override {
    return std::string(path.width * 32, 't');
  }
};

class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "doorstep-front-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
    std::ofstream(path_ / "index.html") << "<html>";
  }
  ~Folder() { fs::remove_all(path_); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

}  // namespace

struct HttpFrontFixture::Parts {
  Folder folder;
  FakeAccounts accounts;
  FakeBoard board;
  admin::v1::OfficeService::Service office;  // every method is unimplemented
  FakeLog log;
  mutable Mutex mutex;
  std::vector<std::string> refusals DOORSTEP_GUARDED_BY(mutex);
  std::unique_ptr<grpc::Server> server;
  std::string caPem;
  std::unique_ptr<http::HttpFront> front;
};

HttpFrontFixture::HttpFrontFixture(const http::FrontLimits& limits)
    : parts_(std::make_unique<Parts>()) {
  grpc::ServerBuilder builder;
  builder.RegisterService(&parts_->accounts);
  builder.RegisterService(&parts_->board);
  builder.RegisterService(&parts_->office);
  builder.SetMaxReceiveMessageSize(-1);
  parts_->server = builder.BuildAndStart();

  const std::int64_t now = SystemClock().wallUnixMs();
  const auto authorityKey = crypto::P256PrivateKey::generate();
  const auto authority = crypto::makeAuthority(authorityKey, "test authority", now, 1);
  const auto key = crypto::P256PrivateKey::generate();
  const auto certificate = crypto::issueServerCertificate(authority, authorityKey, key,
                                                          {"localhost", "127.0.0.1"}, now, 1);
  parts_->caPem = authority.pem;

  http::HttpFrontConfig config;
  config.certificateChainPem = certificate.value().pem;
  config.privateKeyPem = key.pem();
  config.dashboardFolder = parts_->folder.path();
  config.limits = limits;
  config.knowsSession = [](const std::string& token) { return Result<bool>(token == "t0ken"); };
  config.tellRefusal = [parts = parts_.get()](const http::Refusal& refusal) {
    const MutexLock lock(parts->mutex);
    parts->refusals.push_back(refusal.method + " " + refusal.error.reason);
  };
  parts_->front = http::HttpFront::start(config, *parts_->server, parts_->log).value();
}

HttpFrontFixture::~HttpFrontFixture() {
  parts_->front->stop();
  parts_->server->Shutdown();
}

std::unique_ptr<support::HttpsClient> HttpFrontFixture::connect() {
  support::HttpsClient::Options options;
  options.caPem = parts_->caPem;
  return connect(options);
}

std::unique_ptr<support::HttpsClient> HttpFrontFixture::connect(
    const support::HttpsClient::Options& options) {
  return std::move(tryConnect(options)).value();
}

Result<std::unique_ptr<support::HttpsClient>> HttpFrontFixture::tryConnect(
    const support::HttpsClient::Options& options) {
  return support::HttpsClient::connect("127.0.0.1", parts_->front->port(), options);
}

const std::string& HttpFrontFixture::caPem() const { return parts_->caPem; }

std::string HttpFrontFixture::origin() const {
  return "https://127.0.0.1:" + std::to_string(parts_->front->port());
}

std::vector<std::string> HttpFrontFixture::refusals() const {
  const MutexLock lock(parts_->mutex);
  return parts_->refusals;
}

http::HttpFront& HttpFrontFixture::front() { return *parts_->front; }

bool HttpFrontFixture::watchWasCancelled() {
  auto waiting = std::async(std::launch::async, [this] { parts_->board.cancelled_.wait(false); });
  const bool cancelled = waiting.wait_for(std::chrono::seconds(20)) == std::future_status::ready;
  parts_->board.cancelled_.store(true);
  parts_->board.cancelled_.notify_all();
  return cancelled;
}

}  // namespace doorstep::loopback
