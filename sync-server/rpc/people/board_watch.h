// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <memory>

#include "sync-server/monitoring/live_boards.h"
#include "sync-server/rpc/people/session_streams.h"

namespace doorstep::rpc {

// One WatchBoard stream. It is in one of three hands at any moment: a worker's until begin, the
// feed's while it waits, or gRPC's while a message is on its way; whoever holds it moves it, and
// only the holder finishes it. A stream that was cancelled, or whose session has ended, is finished
// by the holder's next step, or at once when the feed held it. Thread: as said.
class BoardWatch final : public grpc::ServerWriteReactor<grpc::ByteBuffer>,
                         public monitoring::BoardWatcher,
                         public SessionStream {
 public:
  // count: watches of the process, this one counted; taken back at the end.
  BoardWatch(grpc::CallbackServerContext& call, std::atomic<std::size_t>& count,
             SessionStreams& sessions, const Clock& clock)
      : call_(call), count_(count), sessions_(sessions), clock_(clock) {}
  // Keeps the stream alive until OnDone.
  void hold(std::shared_ptr<BoardWatch> self) { self_ = std::move(self); }

  void begin(std::shared_ptr<monitoring::LiveBoard> board, std::uint64_t afterRevision);
  // In place of begin.
  void refuse(const grpc::Status& status) { Finish(status); }

  void somethingNew() override { move(); }
  void sessionEnded() override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  void move();
  void finishEnded();
  void endSoon();
  void send(monitoring::SharedMessage message);
  monitoring::SharedMessage resetMessage() const;

  grpc::CallbackServerContext& call_;
  // shared_ptr: whoever ends its session may still hold it when gRPC is done with it
  std::shared_ptr<BoardWatch> self_;
  std::atomic<std::size_t>& count_;
  SessionStreams& sessions_;
  const Clock& clock_;
  std::shared_ptr<monitoring::LiveBoard>
      board_;  // shared: keeps the board in memory while it is watched
  monitoring::BoardFeed::Position position_;
  grpc::ByteBuffer buffer_;  // of the message on its way
  bool lastMessage_ = false;
  std::atomic<bool> signedOut_ = false;
  std::atomic<bool> ended_ = false;  // it is to be finished: signed out, or cancelled
  std::atomic<monitoring::BoardFeed*> feed_ = nullptr;  // board_'s, once it has begun
};

}  // namespace doorstep::rpc
