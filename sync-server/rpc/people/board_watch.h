// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <memory>

#include "sync-server/monitoring/live_boards.h"
#include "sync-server/rpc/people/session_streams.h"

namespace doorstep::rpc {

// One WatchBoard stream. At any moment it has one owner: a worker until begin, the feed while it
// waits, or gRPC while a message is being written. Only the owner acts on it and finishes it. A
// stream that was cancelled, or whose session has ended, is finished by the owner's next step, or
// at once if the feed owns it. Thread: the owner's.
class BoardWatch final : public grpc::ServerWriteReactor<grpc::ByteBuffer>,
                         public monitoring::BoardWatcher,
                         public SessionStream {
 public:
  // count: number of watches in the process, including this one; decremented at the end.
  BoardWatch(grpc::CallbackServerContext& call, std::atomic<std::size_t>& count,
             SessionStreams& sessions, const Clock& clock)
      : call_(call), count_(count), sessions_(sessions), clock_(clock) {}
  // Keeps the stream alive until OnDone.
  void hold(std::shared_ptr<BoardWatch> self) { self_ = std::move(self); }

  void begin(std::shared_ptr<monitoring::LiveBoard> board, std::uint64_t afterRevision);
  // Instead of begin.
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
  // shared_ptr: SessionStreams may still hold it when gRPC is done with it.
  std::shared_ptr<BoardWatch> self_;
  std::atomic<std::size_t>& count_;
  SessionStreams& sessions_;
  const Clock& clock_;
  std::shared_ptr<monitoring::LiveBoard>
      board_;  // shared: keeps the board in memory while it is watched
  monitoring::BoardFeed::Position position_;
  grpc::ByteBuffer buffer_;  // of the message being written
  bool lastMessage_ = false;
  std::atomic<bool> signedOut_ = false;
  std::atomic<bool> ended_ = false;                     // must be finished: signed out or cancelled
  std::atomic<monitoring::BoardFeed*> feed_ = nullptr;  // board_'s, after begin
};

}  // namespace doorstep::rpc
