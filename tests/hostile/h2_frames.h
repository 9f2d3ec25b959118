// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

// HTTP/2 frames (RFC 9113) that no HTTP/2 library would send.
namespace doorstep::hostile {

inline const std::string kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

enum class Frame : std::uint8_t { Data = 0, Headers = 1, Reset = 3, Settings = 4, Ping = 6 };

inline std::string frame(Frame type, std::uint8_t flags, std::uint32_t stream,
                         const std::string& payload) {
  const auto byte = [](std::uint64_t value) { return static_cast<char>(value & 0xFF); };
  std::string bytes{byte(payload.size() >> 16), byte(payload.size() >> 8), byte(payload.size()),
                    static_cast<char>(type),    static_cast<char>(flags),  byte(stream >> 24),
                    byte(stream >> 16),         byte(stream >> 8),         byte(stream)};
  return bytes + payload;
}

// HPACK: a literal without indexing, name and value shorter than 127 bytes.
inline std::string field(const std::string& name, const std::string& value) {
  return std::string(1, '\0') + static_cast<char>(name.size()) + name +
         static_cast<char>(value.size()) + value;
}

inline std::string openCall(std::uint32_t stream, const std::string& path) {
  return frame(Frame::Headers, 4, stream,
               field(":method", "POST") + field(":scheme", "https") + field(":path", path) +
                   field(":authority", "localhost") + field("te", "trailers") +
                   field("content-type", "application/grpc"));
}

// The frame of a gRPC message header with a length, without the message.
inline std::string messageBegin(std::uint32_t stream, std::uint32_t bytes) {
  const auto byte = [](std::uint32_t value) { return static_cast<char>(value & 0xFF); };
  return frame(Frame::Data, 0, stream,
               {'\0', byte(bytes >> 24), byte(bytes >> 16), byte(bytes >> 8), byte(bytes)});
}

inline std::string begin() { return kPreface + frame(Frame::Settings, 0, 0, ""); }

}  // namespace doorstep::hostile
