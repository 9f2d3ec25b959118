// SPDX-License-Identifier: Apache-2.0
#include "sync-server/http/chunked_body.h"

#include <algorithm>

#include "sync-server/http/limits.h"
#include "sync-server/http/request_parser.h"

namespace doorstep::http {
namespace {

// 8 digits are 4 GiB, above every limit of a body.
constexpr int kSizeDigitsMax = 8;

Error malformed(std::string_view what) {
  return Error{ErrorCode::InvalidArgument, "CHUNK_MALFORMED", std::string(what)};
}

int hexDigit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool isLineByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
}

}  // namespace

Result<std::size_t> ChunkedBody::take(std::string_view piece, std::string& body,
                                      std::uint64_t bodyMaxBytes) {
  full_ = false;
  std::size_t taken = 0;
  while (taken < piece.size() && !done()) {
    if (state_ != State::Data) {
      DOORSTEP_TRY(step(piece[taken]));
      ++taken;
      continue;
    }
    if (body.size() + leftBytes_ > bodyMaxBytes) {
      full_ = true;
      return taken;
    }
    const auto count = std::min<std::uint64_t>(leftBytes_, piece.size() - taken);
    body.append(piece.substr(taken, count));
    taken += count;
    leftBytes_ -= count;
    if (leftBytes_ == 0) {
      state_ = State::DataCr;
    }
  }
  return taken;
}

Status ChunkedBody::step(char c) {
  switch (state_) {
    case State::Size:
      return sizeByte(c);
    case State::Extension:
      DOORSTEP_TRY(countOverhead());
      if (c == '\r') {
        state_ = State::SizeEnd;
      } else if (!isLineByte(c)) {
        return malformed("a byte that no extension has");
      }
      return kDone;
    case State::SizeEnd:
      if (c != '\n') {
        return malformed("a size line does not end with CR LF");
      }
      state_ = leftBytes_ == 0 ? State::Trailer : State::Data;
      sizeDigits_ = 0;
      return kDone;
    case State::DataCr:
    case State::DataLf:
      if (c != (state_ == State::DataCr ? '\r' : '\n')) {
        return malformed("a chunk is longer than its size");
      }
      state_ = state_ == State::DataCr ? State::DataLf : State::Size;
      return kDone;
    case State::Trailer:
      return trailerByte(c);
    case State::TrailerLf:
      return c == '\n' ? endTrailerLine() : malformed("a trailer does not end with CR LF");
    case State::Data:
    case State::Done:
      break;
  }
  return malformed("nothing is expected");
}

Status ChunkedBody::sizeByte(char c) {
  const int digit = hexDigit(c);
  if (digit >= 0 && sizeDigits_ < kSizeDigitsMax) {
    leftBytes_ = leftBytes_ * 16 + static_cast<std::uint64_t>(digit);
    ++sizeDigits_;
    return kDone;
  }
  if (sizeDigits_ == 0 || (c != ';' && c != '\r')) {
    return malformed("a chunk's size is one to eight hexadecimal digits");
  }
  state_ = c == ';' ? State::Extension : State::SizeEnd;
  return kDone;
}

Status ChunkedBody::trailerByte(char c) {
  DOORSTEP_TRY(countOverhead());
  if (c == '\r') {
    state_ = State::TrailerLf;
    return kDone;
  }
  if (!isLineByte(c)) {
    return malformed("a byte that no trailer has");
  }
  trailerLine_.push_back(c);
  return kDone;
}

Status ChunkedBody::endTrailerLine() {
  if (trailerLine_.empty()) {
    state_ = State::Done;
    return kDone;
  }
  const auto field = parseFieldLine(trailerLine_);
  if (!field || sameName(field->first, "Content-Length") || sameName(field->first, "Host") ||
      sameName(field->first, "Transfer-Encoding")) {
    return malformed("no such trailer is taken");
  }
  trailerLine_.clear();
  state_ = State::Trailer;
  return kDone;
}

Status ChunkedBody::countOverhead() {
  if (++overheadBytes_ > kChunkOverheadMaxBytes) {
    return Error{ErrorCode::ResourceExhausted, "CHUNK_OVERHEAD",
                 "extensions and trailers are too large"};
  }
  return kDone;
}

}  // namespace doorstep::http
