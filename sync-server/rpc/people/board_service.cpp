// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/people/board_service.h"
#include "sync-server/identity/accounts.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <string>
#include <utility>

#include "doorstep/monitoring/v1/board_service.grpc.pb.h"
#include "shared/core/bytes.h"
#include "shared/core/guarded.h"
#include "shared/core/local_time.h"
#include "sync-server/identity/access_log.h"
#include "sync-server/monitoring/tuning.h"
#include "sync-server/monitoring/visit_view.h"
#include "sync-server/rpc/errors.h"
#include "sync-server/rpc/limits.h"
#include "sync-server/rpc/people/board_watch.h"
#include "sync-server/rpc/people/page_tokens.h"
#include "sync-server/rpc/people/questions.h"

namespace doorstep::rpc {
namespace {

namespace pb = doorstep::monitoring::v1;
using monitoring::BoardKey;

const Error kTooMany{ErrorCode::ResourceExhausted, "TOO_MANY_WATCHES", "close another page"};
const Error kMalformed{ErrorCode::InvalidArgument, "MESSAGE_MALFORMED",
                       "not a message of this call"};

// WatchBoard sends bytes that are encoded once for all watchers.
using Base =
    pb::BoardService::WithCallbackMethod_GetBoard<pb::BoardService::WithCallbackMethod_GetVisit<
        pb::BoardService::WithRawCallbackMethod_WatchBoard<pb::BoardService::Service>>>;

// Cursor of a page, and the revision of the first page: rows that changed since then may have moved
// past the reader, and watching from there shows them all.
struct BoardPlace {
  BoardKey after;
  std::uint64_t revision = 0;
};

admin::v1::PagePlace toPage(const BoardPlace& place) {
  admin::v1::PagePlace page;
  auto& board = *page.mutable_board();
  board.set_attention(place.after.attention);
  board.set_window_start_unix_ms(place.after.windowStartUnixMs);
  board.set_visit_id(place.after.visit.value);
  board.set_revision(place.revision);
  return page;
}

BoardPlace fromPage(const admin::v1::PagePlace& page) {
  const auto& board = page.board();
  return {{board.attention(), board.window_start_unix_ms(), VisitId(board.visit_id())},
          board.revision()};
}

}  // namespace

class BoardService::Impl final : public Base {
 public:
  explicit Impl(const Parts& parts) : parts_(parts), tokens_(parts.pageKey) {}

  grpc::ServerUnaryReactor* GetBoard(grpc::CallbackServerContext* call,
                                     const pb::GetBoardRequest* request,
                                     pb::GetBoardResponse* response) override {
    return answer({"BoardService.GetBoard", parts_.refusals}, call,
                  [=, this] { return getBoard(*call, *request, *response); });
  }

  grpc::ServerUnaryReactor* GetVisit(grpc::CallbackServerContext* call,
                                     const pb::GetVisitRequest* request,
                                     pb::GetVisitResponse* response) override {
    return answer({"BoardService.GetVisit", parts_.refusals}, call,
                  [=, this] { return getVisit(*call, *request, *response); });
  }

  grpc::ServerWriteReactor<grpc::ByteBuffer>* WatchBoard(grpc::CallbackServerContext* call,
                                                         const grpc::ByteBuffer* request) override {
    const std::size_t watches = ++watches_;
    auto watch = std::make_shared<BoardWatch>(*call, watches_, parts_.sessions, parts_.clock);
    watch->hold(watch);
    if (watches > monitoring::kWatchersMax)
      refuse(*call, *watch, kTooMany);
    else if (!parts_.workers.post(
                 [this, call, watch, bytes = *request] { beginWatch(*call, bytes, watch); }))
      refuse(*call, *watch, kBusy);
    return watch.get();
  }

 private:
  // gRPC keeps the call, its request and its response until Finish.
  template <typename Work>
  grpc::ServerUnaryReactor* answer(const Method& method, grpc::CallbackServerContext* call,
                                   Work work) {
    grpc::ServerUnaryReactor* reactor = call->DefaultReactor();
    const auto task = [method, call, reactor, work] {
      if (call->IsCancelled())
        return reactor->Finish(grpc::Status::CANCELLED);
      const Status done = guarded(work);
      reactor->Finish(done.ok() ? grpc::Status::OK : statusOf(method, *call, done.error()));
    };
    if (!parts_.workers.post(task))
      reactor->Finish(statusOf(method, *call, kBusy));
    return reactor;
  }

  // Empty: today.
  std::string dayOf(const std::string& asked) const {
    return asked.empty() ? londonDay(parts_.clock.wallUnixMs()) : asked;
  }

  Status getBoard(grpc::CallbackServerContext& call, const pb::GetBoardRequest& request,
                  pb::GetBoardResponse& response) {
    DOORSTEP_ASSIGN(const auto caller, parts_.callers.account(call));
    DOORSTEP_ASSIGN(const ProviderId provider,
                    identity::providerFor(caller, ProviderId(request.provider_id())));
    const std::string day = dayOf(request.day());
    const std::uint32_t size = request.page_size() == 0
                                   ? monitoring::kPageSizeDefault
                                   : std::min(request.page_size(), monitoring::kPageSizeMax);
    const std::string list =
        "board\n" + bigEndian64(caller.account.value) + bigEndian64(provider.value) + day;
    std::optional<BoardPlace> place;
    if (!request.page_token().empty()) {
      DOORSTEP_ASSIGN(const auto page,
                      tokens_.read(list, request.page_token(), admin::v1::PagePlace::kBoard));
      place = fromPage(page);
    }
    DOORSTEP_ASSIGN(auto answer,
                    parts_.boards.page(provider, day,
                                       place ? std::optional(place->after) : std::nullopt, size));
    const std::uint64_t revision = place ? place->revision : answer.revision;
    for (pb::BoardRow& row : answer.page.rows)
      *response.add_rows() = std::move(row);
    if (answer.page.next)
      response.set_next_page_token(tokens_.write(list, toPage({*answer.page.next, revision})));
    response.set_revision(revision);
    response.set_day(day);
    response.set_provider_id(provider.value);
    response.set_provider_name(answer.providerName);
    response.set_server_time_unix_ms(parts_.clock.wallUnixMs());
    response.set_late_alerts(answer.lateAlerts.raised);
    response.set_late_alerts_proven_false(answer.lateAlerts.provenFalse);
    return kDone;
  }

  Status getVisit(grpc::CallbackServerContext& call, const pb::GetVisitRequest& request,
                  pb::GetVisitResponse& response) {
    DOORSTEP_ASSIGN(const auto caller, parts_.callers.account(call));
    DOORSTEP_ASSIGN(const ProviderId provider,
                    identity::providerFor(caller, ProviderId(request.provider_id())));
    const VisitId visit(request.visit_id());
    const std::int64_t now = parts_.clock.wallUnixMs();
    DOORSTEP_ASSIGN(auto view, readVisit(call, provider, visit, now));
    identity::Look look;
    look.account = caller.account;
    look.provider = provider;
    look.person = view.person;
    look.visit = visit;
    look.purpose = identity::LookPurpose::Board;
    look.atUnixMs = now;
    // Before anything is shown: without a record of the look nothing may be shown.
    DOORSTEP_TRY(identity::recordLooks(parts_.storage, {&look, 1}, parts_.clock, parts_.lookIds));
    response = std::move(view.response);
    return kDone;
  }

  // Returns the connection before the look is recorded.
  Result<monitoring::VisitView> readVisit(const grpc::CallbackServerContext& call,
                                          ProviderId provider, VisitId visit,
                                          std::int64_t nowUnixMs) const {
    auto lease = parts_.storage.read();
    lease.stopWhen(whileWanted(call, kShortQuestionMax));
    DOORSTEP_ASSIGN(const auto names, identity::accountNames(lease));
    return monitoring::readVisit(lease, parts_.log, provider, visit, nowUnixMs, names);
  }

  void refuse(grpc::CallbackServerContext& call, BoardWatch& watch, const Error& error) const {
    watch.refuse(statusOf(Method{"BoardService.WatchBoard", parts_.refusals}, call, error));
  }

  void beginWatch(grpc::CallbackServerContext& call, grpc::ByteBuffer bytes,
                  const std::shared_ptr<BoardWatch>& watch) {
    pb::WatchBoardRequest request;
    // Deserialize takes the bytes out of the buffer.
    if (!grpc::SerializationTraits<pb::WatchBoardRequest>::Deserialize(&bytes, &request).ok())
      return refuse(call, *watch, kMalformed);
    auto board = guarded([&] { return boardToWatch(call, request); });
    if (!board.ok())
      return refuse(call, *watch, board.error());
    if (!parts_.sessions.enter(CallerContext::sessionToken(call), watch))
      return refuse(call, *watch, kTooMany);
    watch->begin(std::move(board).value(), request.after_revision());
  }

  Result<std::shared_ptr<monitoring::LiveBoard>> boardToWatch(
      grpc::CallbackServerContext& call, const pb::WatchBoardRequest& request) {
    DOORSTEP_ASSIGN(const auto caller, parts_.callers.account(call));
    DOORSTEP_ASSIGN(const ProviderId provider,
                    identity::providerFor(caller, ProviderId(request.provider_id())));
    return parts_.boards.open(provider, dayOf(request.day()));
  }

  const Parts parts_;
  const PageTokens tokens_;
  std::atomic<std::size_t> watches_ = 0;
};

BoardService::BoardService(const Parts& parts) : impl_(std::make_unique<Impl>(parts)) {}
BoardService::~BoardService() = default;
grpc::Service& BoardService::service() { return *impl_; }

}  // namespace doorstep::rpc
