// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "shared/core/result.h"
#include "sync-server/http/front_worker.h"
#include "sync-server/http/grpc_call.h"

namespace doorstep::http {

// Adapters to co_await in a session's coroutine what happens on other threads.

// Awaits a gRPC callback: its result is posted from gRPC's thread to the strand.
template <typename T, typename Ask>
boost::asio::awaitable<T> awaitCallback(Ask ask) {
  auto initiate = [ask = std::move(ask)](auto handler) {
    // shared_ptr: std::function must be copyable, the handler is move-only.
    auto held = std::make_shared<decltype(handler)>(std::move(handler));
    ask([held](T value) {
      const auto executor = boost::asio::get_associated_executor(*held);
      boost::asio::post(executor,
                        [held, value = std::move(value)]() mutable { (*held)(std::move(value)); });
    });
  };
  return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(T)>(
      std::move(initiate), boost::asio::use_awaitable);
}

inline boost::asio::awaitable<std::optional<std::string>> nextMessage(GrpcCall& call) {
  return awaitCallback<std::optional<std::string>>(
      [&call](auto done) { call.nextMessage(std::move(done)); });
}

inline boost::asio::awaitable<CallEnd> endOf(GrpcCall& call) {
  return awaitCallback<CallEnd>([&call](auto done) { call.end(std::move(done)); });
}

// Awaits work done by a worker. Errors: UNAVAILABLE (SERVER_BUSY) when its queue is full; INTERNAL
// (HANDLER_FAILED) when the work threw.
template <typename T, typename Work>
boost::asio::awaitable<Result<T>> awaitWork(FrontWorker& worker, Work work) {
  return awaitCallback<Result<T>>([&worker, work = std::move(work)](auto done) {
    const bool taken = worker.post([work, done] {
      Result<T> outcome = Error{ErrorCode::Internal, "HANDLER_FAILED", "the work failed"};
      try {
        outcome = work();
      } catch (const std::exception&) {
        // outcome is HANDLER_FAILED.
      }
      done(std::move(outcome));
    });
    if (!taken) {
      done(Error{ErrorCode::Unavailable, "SERVER_BUSY", "too much is waiting"});
    }
  });
}

}  // namespace doorstep::http
