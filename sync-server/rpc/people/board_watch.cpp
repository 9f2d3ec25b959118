// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/people/board_watch.h"

#include <utility>

#include "doorstep/monitoring/v1/board_service.pb.h"
#include "sync-server/rpc/errors.h"

namespace doorstep::rpc {
namespace {

using monitoring::BoardFeed;
using monitoring::SharedMessage;

// gRPC's slice shares the bytes with all other watchers' slices.
grpc::ByteBuffer bufferOf(SharedMessage message) {
  auto* held = new SharedMessage(std::move(message));  // deleted by the slice
  void* bytes = const_cast<char*>((*held)->data());    // gRPC only reads it
  const grpc::Slice slice(
      bytes, (*held)->size(), [](void* user) { delete static_cast<SharedMessage*>(user); }, held);
  return grpc::ByteBuffer(&slice, 1);
}

}  // namespace

void BoardWatch::begin(std::shared_ptr<monitoring::LiveBoard> board, std::uint64_t afterRevision) {
  board_ = std::move(board);
  position_ = board_->feed().positionAfter(afterRevision);
  StartSendInitialMetadata();  // the browser sees an open stream before the first change
  feed_ = &board_->feed();
  move();
}

void BoardWatch::move() {
  while (true) {
    if (ended_)
      return finishEnded();
    const BoardFeed::Taken taken = board_->feed().take(position_);
    switch (taken.kind) {
      case BoardFeed::Taken::Kind::Message:
        return send(taken.message);
      case BoardFeed::Taken::Kind::Reset:
        lastMessage_ = true;
        return send(resetMessage());
      case BoardFeed::Taken::Kind::Closed:
        return Finish(statusOf(call_, {ErrorCode::Unavailable, "SERVER_STOPPING", "watch again"}));
      case BoardFeed::Taken::Kind::Nothing:
        break;
    }
    if (board_->feed().wait(*this, position_, ended_))
      return;  // another thread may now own, finish and delete it
  }
}

void BoardWatch::send(SharedMessage message) {
  buffer_ = bufferOf(std::move(message));
  StartWrite(&buffer_);
}

SharedMessage BoardWatch::resetMessage() const {
  doorstep::monitoring::v1::WatchBoardResponse response;
  response.set_reset(true);
  response.set_revision(board_->feed().revision());
  response.set_server_time_unix_ms(clock_.wallUnixMs());
  return std::make_shared<const std::string>(response.SerializeAsString());
}

void BoardWatch::OnWriteDone(bool ok) {
  if (!ok)
    return Finish(grpc::Status::CANCELLED);
  if (lastMessage_)
    return Finish(grpc::Status::OK);
  move();
}

void BoardWatch::OnCancel() { endSoon(); }

void BoardWatch::sessionEnded() {
  signedOut_ = true;
  endSoon();
}

void BoardWatch::endSoon() {
  ended_ = true;
  BoardFeed* feed = feed_;
  if (feed != nullptr && feed->leave(*this))
    finishEnded();
}

void BoardWatch::finishEnded() {
  Finish(signedOut_
             ? statusOf(call_, {ErrorCode::Unauthenticated, "NOT_SIGNED_IN", "the session ended"})
             : grpc::Status::CANCELLED);
}

void BoardWatch::OnDone() {
  --count_;
  sessions_.leave(this);
  const auto self = std::move(self_);  // the stream ends here, after its last use
}

}  // namespace doorstep::rpc
