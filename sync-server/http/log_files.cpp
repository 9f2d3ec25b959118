// SPDX-License-Identifier: Apache-2.0
#include "sync-server/http/log_files.h"

#include "shared/core/decimal.h"

namespace doorstep::http {
namespace {

constexpr std::string_view kPrefix = "/log/";

// The id's form in the log's origin.
std::optional<ProviderId> parseProvider(std::string_view text) {
  const auto value = parseDecimal(text);
  return value && *value != 0 ? std::optional(ProviderId(*value)) : std::nullopt;
}

HttpReply failure(const Error& error) {
  return error.code == ErrorCode::NotFound ? plainReply(404, "not found")
                                           : plainReply(503, "the log cannot be read now");
}

HttpReply checkpointReply(const LogReader::Head& head) {
  HttpReply reply;
  reply.contentType = "text/plain; charset=utf-8";
  // Changes with every commit: the specification allows a few seconds of caching at most.
  reply.cacheControl = "no-cache";
  reply.body = head.checkpointNote;
  return reply;
}

HttpReply tileReply(ProviderId provider, const evidence::TilePath& path, const LogReader& reader) {
  const auto bytes = reader.tile(provider, path);
  if (!bytes.ok()) {
    return failure(bytes.error());
  }
  HttpReply reply;
  reply.contentType = "application/octet-stream";
  reply.cacheControl = "public, max-age=31536000, immutable";
  reply.body = bytes.value();
  return reply;
}

}  // namespace

bool isLogPath(std::string_view path) { return path.starts_with(kPrefix); }

HttpReply logBusyReply() {
  HttpReply reply = plainReply(503, "the log is read by too many just now");
  reply.headers.emplace_back("Retry-After", "1");
  return reply;
}

std::optional<HttpReply> getLogFile(std::string_view path, const LogReader& reader) {
  if (!isLogPath(path)) {
    return std::nullopt;
  }
  path.remove_prefix(kPrefix.size());
  const auto slash = path.find('/');
  if (slash == 0 || slash == std::string_view::npos) {
    return plainReply(404, "not found");
  }
  const auto provider = parseProvider(path.substr(0, slash));
  const std::string_view file = path.substr(slash + 1);
  const auto tile = evidence::parseTilePath(file);
  if (!provider || (file != "checkpoint" && !tile)) {
    return plainReply(404, "not found");
  }
  const auto head = reader.head(*provider);
  if (!head.ok()) {
    return failure(head.error());
  }
  if (!tile) {
    return checkpointReply(head.value());
  }
  if (!evidence::tileExists(*tile, head.value().size)) {
    return plainReply(404, "not found");
  }
  return tileReply(*provider, *tile, reader);
}

}  // namespace doorstep::http
