// SPDX-License-Identifier: Apache-2.0
#include "sync-server/http/http_front.h"

#include <openssl/ssl.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>
#include <thread>
#include <utility>

#include "shared/core/mutex.h"
#include "sync-server/http/http_session.h"

namespace doorstep::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr unsigned char kAlpn[] = "\x08http/1.1";

// Fails the handshake of a peer that offers only protocols other than ours.
int selectAlpn(SSL*, const unsigned char** out, unsigned char* outLength,
               const unsigned char* offered, unsigned offeredLength, void*) {
  unsigned char* chosen = nullptr;
  const int found =
      SSL_select_next_proto(&chosen, outLength, kAlpn, sizeof(kAlpn) - 1, offered, offeredLength);
  *out = chosen;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

Result<std::shared_ptr<asio::ssl::context>> makeTls(const std::string& chainPem,
                                                    const std::string& privateKeyPem) {
  auto made = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  asio::ssl::context& tls = *made;
  error_code chainError;
  error_code keyError;
  tls.use_certificate_chain(asio::buffer(chainPem), chainError);
  tls.use_private_key(asio::buffer(privateKeyPem), asio::ssl::context::pem, keyError);
  SSL_CTX* native = tls.native_handle();
  if (chainError || keyError || SSL_CTX_check_private_key(native) != 1) {
    return Error{ErrorCode::InvalidArgument, "CERTIFICATE_INVALID",
                 "certificate and key do not fit"};
  }
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(
      native, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  // A watched board is idle most of the time: this saves 34 KiB for each.
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(native, selectAlpn, nullptr);
  return made;
}

Status openDoor(tcp::acceptor& acceptor, const HttpFrontConfig& config) {
  error_code error;
  const auto address = asio::ip::make_address(config.listenAddress, error);
  const tcp::endpoint endpoint(address, config.port);
  if (!error) {
    acceptor.open(endpoint.protocol(), error);
  }
  if (!error) {
    acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  }
  if (!error) {
    acceptor.bind(endpoint, error);
  }
  if (!error) {
    acceptor.listen(asio::socket_base::max_listen_connections, error);
  }
  if (error) {
    return Error{ErrorCode::Unavailable, "LISTEN_FAILED",
                 "cannot listen for HTTPS: " + error.message()};
  }
  return kDone;
}

}  // namespace

class HttpFront::Impl {
 public:
  Impl(grpc::Server& services, const LogReader& logs, StaticFiles files,
       const HttpFrontConfig& config)
      : parts_(services, logs, std::move(files), config),
        door_(asio::make_strand(io_)),
        acceptor_(door_) {}

  Status open(const HttpFrontConfig& config) {
    DOORSTEP_TRY(useCertificate(config.certificateChainPem, config.privateKeyPem));
    DOORSTEP_TRY(openDoor(acceptor_, config));
    port_ = acceptor_.local_endpoint().port();
    parts_.sites.port = port_;
    asio::co_spawn(door_, accept(), asio::detached);
    for (int i = 0; i < config.threads; ++i) {
      threads_.emplace_back([this] { runHandlers(); });
    }
    return kDone;
  }

  std::uint16_t port() const { return port_; }

  Status useCertificate(const std::string& chainPem, const std::string& privateKeyPem) {
    DOORSTEP_ASSIGN(auto made, makeTls(chainPem, privateKeyPem));
    parts_.tls.use(std::move(made));
    return kDone;
  }

  void stop() {
    if (threads_.empty()) {
      return;
    }
    {
      const MutexLock lock(mutex_);
      stopping_ = true;
    }
    asio::post(door_, [this] {
      error_code ignored;
      acceptor_.close(ignored);
    });
    tellSessions([](HttpSession& session) { session.requestStop(); });
    if (!waitForSessions(kStopGrace)) {
      tellSessions([](HttpSession& session) { session.cut(); });
      waitForSessions(std::chrono::hours(1));
    }
    parts_.calls.waitForNone();
    work_.reset();
    io_.stop();
    for (std::thread& thread : threads_) {
      thread.join();
    }
    threads_.clear();
  }

 private:
  // In order of arrival.
  using Sessions = std::map<std::uint64_t, std::shared_ptr<HttpSession>>;

  // A session's entry among the open ones: removed when the coroutine ends, or is destroyed because
  // a handler threw.
  class Place {
   public:
    Place(Impl& front, std::string share) : front_(&front), share_(std::move(share)) {}
    Place(Place&& other) noexcept
        : front_(std::exchange(other.front_, nullptr)),
          share_(std::move(other.share_)),
          number_(other.number_),
          session_(std::move(other.session_)) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (front_ != nullptr) {
        front_->leave(number_, session_, share_);
      }
    }
    void occupy(std::uint64_t number, std::shared_ptr<HttpSession> session) {
      number_ = number;
      session_ = std::move(session);
    }

   private:
    Impl* front_;
    std::string share_;
    std::uint64_t number_ = 0;  // 0: its session never started
    std::shared_ptr<HttpSession> session_;
  };

  // An exception must not end a thread. Sessions catch their own; this catches what is thrown
  // between them (in a library's read operation, or for lack of memory).
  void runHandlers() {
    for (bool ended = false; !ended;) {
      try {
        io_.run();
        ended = true;
      } catch (const std::exception&) {
        parts_.tellFailure("IO_HANDLER_FAILED");
      }
    }
  }

  asio::awaitable<void> accept() {
    asio::steady_timer pause(door_);
    while (acceptor_.is_open()) {
      // One strand per connection.
      const asio::any_io_executor strand = asio::make_strand(io_);
      error_code error;
      tcp::socket socket =
          co_await acceptor_.async_accept(strand, asio::redirect_error(asio::use_awaitable, error));
      const bool failed = error || !tryAdmit(std::move(socket));
      if (failed && acceptor_.is_open()) {
        pause.expires_after(kAcceptPause);
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
      }
    }
  }

  // False: it failed. Accepting continues.
  bool tryAdmit(tcp::socket socket) {
    try {
      admit(std::move(socket));
      return true;
    } catch (const std::exception&) {
      parts_.tellFailure("ACCEPT_FAILED");
      return false;
    }
  }

  void admit(tcp::socket socket) {
    error_code error;
    const auto endpoint = socket.remote_endpoint(error);
    if (error) {
      return;  // closed already
    }
    socket.set_option(tcp::no_delay(true), error);
    const std::string share = shareOf(endpoint.address());
    if (!parts_.connections.take(share, 1) && !takeOver(share)) {
      return;
    }
    Place place(*this, share);
    const auto session = std::make_shared<HttpSession>(std::move(socket), parts_);
    std::uint64_t number = 0;
    {
      const MutexLock lock(mutex_);
      if (stopping_) {
        return;
      }
      number = ++sessionNumber_;
      sessions_.emplace(number, session);
    }
    place.occupy(number, session);
    asio::co_spawn(session->executor(), session->run(),
                   [place = std::move(place)](const std::exception_ptr&) {});
  }

  // When a share is full, its oldest connection without a session is closed for the new one, so
  // that half-open, slow and idle connections cannot lock out others at the same address. False:
  // all have sessions, or the total is used up by others.
  bool takeOver(const std::string& share) {
    const MutexLock lock(mutex_);
    for (const auto& [number, session] : sessions_) {
      if (session->share() == share && !session->isKnown() && session->surrender()) {
        asio::post(session->executor(), [held = session] { held->cut(); });
        return true;
      }
    }
    return false;
  }

  void leave(std::uint64_t number, const std::shared_ptr<HttpSession>& session,
             const std::string& share) {
    if (!session || !session->hasSurrendered()) {
      parts_.connections.giveBack(share, 1);
    }
    const MutexLock lock(mutex_);
    sessions_.erase(number);
    sessionsChanged_.notifyAll();
  }

  template <typename Tell>
  void tellSessions(Tell tell) {
    const MutexLock lock(mutex_);
    for (const auto& [number, session] : sessions_) {
      asio::post(session->executor(), [session, tell] { tell(*session); });
    }
  }

  // False: some are still running.
  bool waitForSessions(std::chrono::milliseconds atMost) {
    const auto deadline = Condition::deadlineIn(atMost);
    const MutexLock lock(mutex_);
    while (!sessions_.empty() && sessionsChanged_.waitUntil(mutex_, deadline)) {
    }
    return sessions_.empty();
  }

  Mutex mutex_;
  Condition sessionsChanged_;
  Sessions sessions_ DOORSTEP_GUARDED_BY(mutex_);
  std::uint64_t sessionNumber_ DOORSTEP_GUARDED_BY(mutex_) = 0;
  bool stopping_ DOORSTEP_GUARDED_BY(mutex_) = false;

  FrontParts parts_;
  // Declared after what its handlers use, since destroying it destroys handlers that use it.
  asio::io_context io_;
  asio::strand<asio::io_context::executor_type> door_;
  tcp::acceptor acceptor_;
  asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
  std::uint16_t port_ = 0;
  std::vector<std::thread> threads_;
};

Result<std::unique_ptr<HttpFront>> HttpFront::start(const HttpFrontConfig& config,
                                                    grpc::Server& services, const LogReader& logs) {
  StaticFiles files;
  if (!config.dashboardFolder.empty()) {
    DOORSTEP_ASSIGN(files, StaticFiles::load(config.dashboardFolder));
  }
  auto impl = std::make_unique<Impl>(services, logs, std::move(files), config);
  DOORSTEP_TRY(impl->open(config));
  return std::unique_ptr<HttpFront>(new HttpFront(std::move(impl)));
}

HttpFront::HttpFront(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

HttpFront::~HttpFront() { stop(); }

std::uint16_t HttpFront::port() const { return impl_->port(); }

Status HttpFront::useCertificate(const std::string& chainPem, const std::string& privateKeyPem) {
  return impl_->useCertificate(chainPem, privateKeyPem);
}

void HttpFront::stop() { impl_->stop(); }

}  // namespace doorstep::http
