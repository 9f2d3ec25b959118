// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "tests/support/https_client.h"

namespace doorstep::support {

// A server-streaming call in Connect's envelopes: one byte of flags, four of length, the message.
// Leaving it closes its connection.
class ConnectStream {
 public:
  ConnectStream(std::uint16_t port, const std::string& cookie, const std::string& method,
                const nlohmann::json& request) {
    auto connected = HttpsClient::connect("127.0.0.1", port, {});
    REQUIRE(connected.ok());
    client_ = std::move(connected).value();
    const std::string message = request.dump();
    std::string body(5, '\0');
    for (std::size_t byte = 0; byte < 4; ++byte)
      body[4 - byte] = static_cast<char>(message.size() >> (8 * byte));
    body += message;
    REQUIRE(client_
                ->send("POST " + method +
                       " HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/connect+json\r\n"
                       "connect-protocol-version: 1\r\ncookie: " +
                       cookie + "\r\ncontent-length: " + std::to_string(body.size()) + "\r\n\r\n" +
                       body)
                .ok());
    const auto head = client_->readHead();
    REQUIRE(head.ok());
    REQUIRE(head->status == 200);
  }

  // Nothing: the end of the stream, whose envelope is left in `end`.
  std::optional<nlohmann::json> next() {
    while (true) {
      std::size_t size = 0;
      for (std::size_t byte = 1; byte < 5 && buffer_.size() >= 5; ++byte)
        size = size << 8 | static_cast<std::uint8_t>(buffer_[byte]);
      if (buffer_.size() >= 5 && buffer_.size() >= 5 + size) {
        const bool isLast = (buffer_[0] & 2) != 0;
        auto message = nlohmann::json::parse(buffer_.substr(5, size));
        buffer_.erase(0, 5 + size);
        if (!isLast)
          return message;
        end = std::move(message);
        return std::nullopt;
      }
      auto chunk = client_->readChunk();
      REQUIRE(chunk.ok());
      REQUIRE(chunk->has_value());
      buffer_ += **chunk;
    }
  }
  // Why the stream ended; empty: it was whole.
  std::string reason() const {
    return end.contains("error") ? end["error"].value("message", "?") : "";
  }

  nlohmann::json end;

 private:
  std::unique_ptr<HttpsClient> client_;
  std::string buffer_;
};

}  // namespace doorstep::support
