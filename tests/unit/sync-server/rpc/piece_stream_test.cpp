// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/people/piece_stream.h"

#include <grpcpp/grpcpp.h>

#include <catch2/catch.hpp>
#include <memory>
#include <string>

#include "doorstep/records/v1/exports_service.grpc.pb.h"
#include "shared/core/clock.h"
#include "shared/core/mutex.h"
#include "sync-server/rpc/refusal_log.h"

namespace doorstep::rpc {
namespace {

namespace pb = doorstep::records::v1;
using Stream = PieceStream<pb::WriteExportResponse>;

// Longer than what the transport takes in advance.
constexpr std::size_t kPieceBytes = 1 << 20;

// Counts what is held for streams, and how many pieces were made.
struct Held {
  Mutex mutex;
  Condition changed;
  int streams DOORSTEP_GUARDED_BY(mutex) = 0;
  int pieces DOORSTEP_GUARDED_BY(mutex) = 0;

  void add(int streamsMore, int piecesMore) {
    const MutexLock lock(mutex);
    streams += streamsMore;
    pieces += piecesMore;
    changed.notifyAll();
  }
};

// A service that streams pieces for ever, or so many.
class Exports final : public pb::ExportsService::CallbackService {
 public:
  Exports(RefusalLog& refusals, WorkerPool& workers, Held& held, std::chrono::milliseconds stall)
      : refusals_(refusals), workers_(workers), held_(held), stall_(stall) {}

  grpc::ServerWriteReactor<pb::WriteExportResponse>* WriteExport(
      grpc::CallbackServerContext* call, const pb::WriteExportRequest* request) override {
    auto* stream = new Stream({"ExportsService.WriteExport", refusals_}, *call, workers_, stall_);
    const auto last = request->as_of_unix_ms();
    held_.add(1, 0);
    const auto place = std::shared_ptr<void>(nullptr, [held = &held_](void*) { held->add(-1, 0); });
    stream->start(workers_, [this, place, last]() -> Result<Stream::Next> {
      return Stream::Next([this, place, last, made = std::int64_t{0}](
                              pb::WriteExportResponse& response) mutable -> Result<Stream::Step> {
        held_.add(0, 1);
        response.set_chunk(std::string(kPieceBytes, 'x'));
        ++made;
        if (last != 0 && made > last)
          return Stream::Step::Nothing;
        return Stream::Step::More;
      });
    });
    return stream;
  }

 private:
  RefusalLog& refusals_;
  WorkerPool& workers_;
  Held& held_;
  const std::chrono::milliseconds stall_;
};

struct Site {
  explicit Site(std::chrono::milliseconds stall) : service(refusals, workers, held, stall) {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&service);
    server = builder.BuildAndStart();
    REQUIRE(server);
    stub = pb::ExportsService::NewStub(grpc::CreateChannel("127.0.0.1:" + std::to_string(port),
                                                           grpc::InsecureChannelCredentials()));
  }
  ~Site() { server->Shutdown(); }

  SystemClock clock;
  RefusalLog refusals{clock, [](const std::string&) {}};
  WorkerPool workers{1, 100};
  Held held;
  Exports service;
  std::unique_ptr<grpc::Server> server;
  std::unique_ptr<pb::ExportsService::Stub> stub;
};

TEST_CASE("a reader who takes no piece is cut off in time, and nothing is held for her") {
  Site site(std::chrono::milliseconds(300));
  grpc::ClientContext context;
  const auto reader = site.stub->WriteExport(&context, {});
  pb::WriteExportResponse response;
  REQUIRE(reader->Read(&response));  // and no more
  {
    MutexLock lock(site.held.mutex);
    while (site.held.streams != 0 || site.held.pieces == 0)
      REQUIRE(site.held.changed.waitUntil(site.held.mutex,
                                          Condition::deadlineIn(std::chrono::seconds(20))));
    // Some were on their way; none is made for a reader who does not take them.
    CHECK(site.held.pieces < 40);
  }
  while (reader->Read(&response)) {
  }
  CHECK(reader->Finish().error_code() == grpc::StatusCode::CANCELLED);
}

TEST_CASE("a reader who takes her pieces has all of them") {
  Site site(std::chrono::seconds(60));
  grpc::ClientContext context;
  pb::WriteExportRequest request;
  request.set_as_of_unix_ms(5);
  const auto reader = site.stub->WriteExport(&context, request);
  pb::WriteExportResponse response;
  int read = 0;
  while (reader->Read(&response))
    ++read;
  CHECK(read == 5);
  CHECK(reader->Finish().ok());
}

}  // namespace
}  // namespace doorstep::rpc
