// SPDX-License-Identifier: Apache-2.0
#include "sync-server/http/grpc_call.h"

#include "shared/core/check.h"

namespace doorstep::http {
namespace {

grpc::ByteBuffer toByteBuffer(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

std::string toBytes(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  DOORSTEP_CHECK(buffer.Dump(&slices).ok());
  std::string bytes;
  bytes.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

}  // namespace

std::shared_ptr<GrpcCall> GrpcCall::start(grpc::GenericStub& stub, Request request,
                                          OpenCalls& openCalls) {
  openCalls.enter();
  std::shared_ptr<GrpcCall> call(new GrpcCall(openCalls));
  call->self_ = call;
  for (const auto& [key, value] : request.metadata) {
    call->context_.AddMetadata(key, value);
  }
  if (request.timeout) {
    const auto now =
        std::chrono::system_clock::now();  // tidy: gRPC's deadlines are of the real clock
    call->context_.set_deadline(now + *request.timeout);
  }
  call->sent_ = toByteBuffer(request.message);
  stub.PrepareBidiStreamingCall(&call->context_, request.path, grpc::StubOptions(), call.get());
  call->AddHold();
  call->StartRead(&call->received_);
  call->StartWriteLast(&call->sent_, grpc::WriteOptions());
  call->StartCall();
  return call;
}

void GrpcCall::nextMessage(std::function<void(std::optional<std::string>)> done) {
  {
    const MutexLock lock(mutex_);
    DOORSTEP_CHECK(!messageWaiter_);
    messageWaiter_ = std::move(done);
    if (!readDone_) {
      return;
    }
  }
  deliver();
}

void GrpcCall::OnReadDone(bool ok) {
  {
    const MutexLock lock(mutex_);
    readDone_ = true;
    readOk_ = ok;
    if (!messageWaiter_) {
      return;
    }
  }
  deliver();
}

// Called for each read by nextMessage or OnReadDone, whichever is later.
void GrpcCall::deliver() {
  std::function<void(std::optional<std::string>)> waiter;
  std::optional<std::string> message;
  {
    const MutexLock lock(mutex_);
    waiter = std::move(messageWaiter_);
    messageWaiter_ = nullptr;
    if (readOk_) {
      message = toBytes(received_);
      received_.Clear();
      readDone_ = false;
    }
  }
  if (message) {
    StartRead(&received_);
  }
  waiter(std::move(message));
}

void GrpcCall::abandon() {
  cancel();
  if (!endAsked_) {
    end([](CallEnd) {});
  }
}

void GrpcCall::end(std::function<void(CallEnd)> done) {
  endAsked_ = true;
  RemoveHold();
  CallEnd ended;
  {
    const MutexLock lock(mutex_);
    if (!end_) {
      endWaiter_ = std::move(done);
      return;
    }
    ended = *end_;
  }
  done(std::move(ended));
}

void GrpcCall::OnDone(const grpc::Status& status) {
  CallEnd ended{status.error_code(), status.error_message(), {}};
  const auto& trailing = context_.GetServerTrailingMetadata();
  if (const auto reason = trailing.find("doorstep-reason"); reason != trailing.end()) {
    ended.reason.assign(reason->second.data(), reason->second.size());
  }
  OpenCalls& openCalls = openCalls_;
  {
    const std::shared_ptr<GrpcCall> self = std::move(self_);
    std::function<void(CallEnd)> waiter;
    {
      const MutexLock lock(mutex_);
      end_ = ended;
      waiter = std::move(endWaiter_);
    }
    if (waiter) {
      waiter(std::move(ended));
    }
  }
  openCalls.leave();  // last: the front may be destroyed after it
}

std::vector<std::string> GrpcCall::initialMetadata(const std::string& key) const {
  const auto& initial = context_.GetServerInitialMetadata();
  const auto [begin, end] = initial.equal_range(key);
  std::vector<std::string> values;
  for (auto it = begin; it != end; ++it) {
    values.emplace_back(it->second.data(), it->second.size());
  }
  return values;
}

}  // namespace doorstep::http
