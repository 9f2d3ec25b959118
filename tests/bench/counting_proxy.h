// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace doorstep::bench {

// A proxy between a phone and a server on loopback that counts TCP payload bytes in each direction:
// TLS and HTTP/2 included, IP and TCP headers not. Thread: counts may be read on any.
class CountingProxy {
 public:
  explicit CountingProxy(std::uint16_t serverPort);
  ~CountingProxy();
  CountingProxy(const CountingProxy&) = delete;
  CountingProxy& operator=(const CountingProxy&) = delete;

  std::uint16_t port() const { return port_; }
  std::uint64_t upBytes() const { return upBytes_; }
  std::uint64_t downBytes() const { return downBytes_; }
  // Returns when nothing has passed for a while, so that bytes after an answer count for its
  // exchange.
  void settle() const;

 private:
  struct Link {
    int phone = -1;
    int server = -1;
  };
  void run();
  void accept();
  // False: the link has ended.
  static bool pass(int from, int to, std::atomic<std::uint64_t>& count);

  const std::uint16_t serverPort_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<std::uint64_t> upBytes_{0};
  std::atomic<std::uint64_t> downBytes_{0};
  std::atomic<bool> stopping_{false};
  std::vector<Link> links_;  // used by the thread only
  std::thread thread_;
};

}  // namespace doorstep::bench
