// SPDX-License-Identifier: Apache-2.0
// What an exchange costs on the wire: bytes each way and requests, of the phone's own engine,
// journal and transport against a server process, through a counting proxy, on a connection that
// stands. Floor, from the same run: the messages themselves, without HTTP/2 and TLS.
#include <absl/synchronization/mutex.h>
#include <fmt/format.h>

#include <deque>
#include <functional>
#include <nlohmann/json.hpp>

#include "app/phone.h"
#include "app/platform/fakes.h"
#include "app/sync/grpc/enrolment_client.h"
#include "app/sync/grpc/grpc_transport.h"
#include "shared/core/mutex.h"
#include "shared/crypto/certificates.h"
#include "shared/wire/enrolment_text.h"
#include "tests/bench/counting_proxy.h"
#include "tests/support/sync_client.h"
#include "tests/support/temporary_folder.h"

namespace doorstep::bench {
namespace {

// The phone's engine and transport, its messages measured.
class MeasuredPhone final : public sync::TransportEvents {
 public:
  MeasuredPhone(app::Phone& phone, const sync::Enrolment& enrolment)
      : phone_(phone), transport_(std::make_unique<sync::GrpcTransport>(enrolment, *this)) {}
  ~MeasuredPhone() override { transport_.reset(); }

  void carryOut(const sync::Actions& actions) {
    for (const sync::Action& action : actions) {
      if (const auto* send = std::get_if<sync::SendExchange>(&action)) {
        ++requests;
        upMessageBytes += send->request.ByteSizeLong();
        transport_->exchange(*send);
      } else if (const auto* cancel = std::get_if<sync::CancelExchange>(&action)) {
        transport_->cancelExchange(cancel->exchange);
      }
    }
  }
  // Until the engine is idle and nothing waits on this phone.
  void finish() {
    while (phone_.engine().state() == sync::State::Exchanging || !phone_.engine().isDrained()) {
      std::function<sync::Actions()> event;
      {
        const MutexLock lock(mutex_);
        while (events_.empty())
          came_.wait(mutex_);
        event = std::move(events_.front());
        events_.pop_front();
      }
      carryOut(event());
    }
  }

  void onExchangeAnswered(std::uint64_t exchange,
                          doorstep::sync::v1::ExchangeResponse response) override {
    post([this, exchange, response = std::move(response)] {
      downMessageBytes += response.ByteSizeLong();
      return phone_.engine().exchangeAnswered(exchange, response);
    });
  }
  void onExchangeFailed(std::uint64_t, Error error) override {
    post([error = std::move(error)]() -> sync::Actions {
      fmt::print(stderr, "an exchange failed: {} {}\n", error.reason, error.text);
      std::exit(1);
    });
  }
  void onWatchHinted(std::uint64_t, std::uint64_t) override {}
  void onWatchEnded(std::uint64_t, Error) override {}

  std::uint64_t requests = 0;
  std::uint64_t upMessageBytes = 0;
  std::uint64_t downMessageBytes = 0;

 private:
  void post(std::function<sync::Actions()> event) {
    {
      const MutexLock lock(mutex_);
      events_.push_back(std::move(event));
    }
    came_.notifyOne();
  }

  app::Phone& phone_;

  Mutex mutex_;
  Condition came_;
  std::deque<std::function<sync::Actions()>> events_ DOORSTEP_GUARDED_BY(mutex_);

  std::unique_ptr<sync::GrpcTransport> transport_;  // last: it reports to the above
};

class Bench {
 public:
  Bench() : server_({.carers = 2, .visits = 48}), device_{clock_, ids_, secrets_, signer_, fixes_} {
    server_.start();
    proxy_.emplace(server_.devicePort());
    enrolment_ = enrol();
    app::Phone::Options options;
    options.folder = folder_.path().string();
    options.engine.watch = false;
    phone_ = std::move(app::Phone::open(options, enrolment_, device_)).value();
    measured_.emplace(*phone_, enrolment_);
    others_.emplace(server_.enrol(1));
    othersClient_.emplace(server_, &*others_);
  }

  void run() {
    measured_->carryOut(phone_->engine().start());
    measured_->finish();
    for (int i = 0; i < 3; ++i)  // header tables of HTTP/2 fill up
      nothingNew();
    fmt::print("{:34} {:>8} {:>6} {:>6} {:>8} {:>8}\n", "on the wire, TLS and HTTP/2 included",
               "requests", "up", "down", "floor up", "down");
    measure("nothing new", [this] { nothingNew(); });
    measure("one event with receipt", [this] { oneEvent(); });
    othersPush(1'000);
    measure("one event, log grown by 1,000", [this] { oneEvent(); });
    measure("visit of 12 events, 120-char note", [this] { wholeVisit(); });
  }

 private:
  sync::Enrolment enrol() {
    std::string output;
    DOORSTEP_CHECK(server_.run({"enrol", "--carer", "c0", "--json"}, &output) == 0);
    const auto offered = nlohmann::json::parse(output);
    auto offer = wire::parseEnrolmentText(offered["enrolment_text"].get<std::string>()).value();
    offer.host = "127.0.0.1";
    offer.port = proxy_->port();
    const auto key = crypto::P256PrivateKey::generate();
    auto enrolled =
        sync::enrol(offer, {key.pem(), crypto::makeCertificateRequest(key)}, "bench", device_);
    if (!enrolled.ok())
      fmt::print(stderr, "enrolment: {} {}\n", enrolled.error().reason, enrolled.error().text);
    return std::move(enrolled).value();
  }

  void measure(const char* what, const std::function<void()>& exchange) {
    proxy_->settle();
    const std::uint64_t up = proxy_->upBytes();
    const std::uint64_t down = proxy_->downBytes();
    const std::uint64_t requests = measured_->requests;
    const std::uint64_t upMessages = measured_->upMessageBytes;
    const std::uint64_t downMessages = measured_->downMessageBytes;
    exchange();
    proxy_->settle();
    fmt::print("{:34} {:8} {:6} {:6} {:8} {:8}\n", what, measured_->requests - requests,
               proxy_->upBytes() - up, proxy_->downBytes() - down,
               measured_->upMessageBytes - upMessages, measured_->downMessageBytes - downMessages);
  }

  void nothingNew() {
    measured_->carryOut(phone_->engine().syncNow());
    measured_->finish();
  }

  void oneEvent() {
    const recording::Intent intent = recording::CheckIn{nextVisit(), std::nullopt};
    DOORSTEP_CHECK(phone_->record(intent).ok());
    measured_->carryOut(phone_->afterRecording(intent));
    measured_->finish();
  }

  // Recorded without a network and pushed at once: one entry.
  void wholeVisit() {
    (void)phone_->engine().stop();
    const VisitId visit = nextVisit();
    record(recording::CheckIn{visit, std::nullopt});
    for (std::uint32_t task = 1; task <= 9; ++task)
      record(recording::RecordTask{
          visit, {task, visits::TaskOutcome::Done, {}, visits::Independence::Prompted}});
    record(recording::AddNote{visit,
                              "Was tired and had slept badly. Ate half of her lunch and drank two "
                              "cups of tea. Asked after her "
                              "sister. Cream put on it."});
    record(recording::CheckOut{visit, std::nullopt});
    measured_->carryOut(phone_->engine().start());
    measured_->finish();
  }

  void record(const recording::Intent& intent) {
    DOORSTEP_CHECK(phone_->record(intent).ok());
    (void)phone_->afterRecording(intent);
  }

  void othersPush(int entries) {
    for (int i = 0; i < entries; i += 50) {
      std::vector<support::SigningPhone::Signed> batch;
      for (int k = 0; k < 50; ++k)
        batch.push_back(others_->signer.record(server_.visit(1)));
      DOORSTEP_CHECK(othersClient_->exchange(batch).status.ok());
    }
  }

  // The carer's visits are the even ones.
  VisitId nextVisit() { return server_.visit(visitsUsed_++ * 2); }

  support::TestServer server_;
  support::TemporaryFolder folder_;
  std::optional<CountingProxy> proxy_;
  SystemClock clock_;
  SystemIdSource ids_;
  platform::FakeSecretStore secrets_;
  platform::MemorySigner signer_;
  platform::FakeFixSource fixes_;
  platform::Platform device_;
  sync::Enrolment enrolment_;
  std::unique_ptr<app::Phone> phone_;
  std::optional<MeasuredPhone> measured_;
  std::optional<support::EnrolledPhone> others_;
  std::optional<support::SyncClient> othersClient_;
  std::size_t visitsUsed_ = 0;
};

}  // namespace
}  // namespace doorstep::bench

int main() {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  doorstep::bench::Bench().run();
  return 0;
}
