// SPDX-License-Identifier: Apache-2.0
#include "sync-server/config/host_name.h"

#include <catch2/catch.hpp>

namespace doorstep::config {
namespace {

std::string read(std::string_view text) {
  const auto host = readHostName(text);
  return host.ok() ? *host : host.error().reason;
}

std::string complaint(std::string_view text) {
  const auto host = readHostName(text);
  REQUIRE_FALSE(host.ok());
  REQUIRE(host.error().reason == "HOST_INVALID");
  return host.error().text;
}

TEST_CASE("names and addresses are taken as they are usually written") {
  CHECK(read("care.example.org") == "care.example.org");
  CHECK(read("localhost") == "localhost");
  CHECK(read("192.0.2.7") == "192.0.2.7");
  CHECK(read("2001:db8::7") == "2001:db8::7");
  CHECK(read("4care.example") == "4care.example");
  CHECK(read("x--y.example") == "x--y.example");
}

TEST_CASE("what is unambiguous is taken") {
  CHECK(read("[2001:db8::7]") == "2001:db8::7");
  CHECK(read("2001:DB8:0:0:0:0:0:7") == "2001:db8::7");
  CHECK(read(" care.example.org\n") == "care.example.org");
  CHECK(read("care.example.org.") == "care.example.org");
  CHECK(read("cäre.example") == "xn--cre-qla.example");
  // The same letter written as two code points.
  CHECK(read("ca\xcc\x88re.example") == "xn--cre-qla.example");
  CHECK(read("日本.example") == "xn--wgv71a.example");
}

TEST_CASE("a URL or a port is told with the name that it holds") {
  CHECK(complaint("https://care.example.org").find("write care.example.org") != std::string::npos);
  CHECK(complaint("https://care.example.org/board?x#y").find("write care.example.org") !=
        std::string::npos);
  CHECK(complaint("care.example.org/").find("write care.example.org") != std::string::npos);
  CHECK(complaint("me@care.example.org").find("write care.example.org") != std::string::npos);
  CHECK(complaint("care.example.org:8443").find("write care.example.org; ports have settings") !=
        std::string::npos);
  CHECK(complaint("https://[2001:db8::7]:8443/").find("write 2001:db8::7; ports") !=
        std::string::npos);
  CHECK(complaint("[2001:db8::7]:8443").find("write 2001:db8::7; ports") != std::string::npos);
  CHECK(complaint("192.0.2.7:443").find("write 192.0.2.7; ports") != std::string::npos);
  CHECK(complaint("care.example.org:").find("write care.example.org") != std::string::npos);
}

TEST_CASE("what nobody could call is refused") {
  const std::string longLabel(64, 'a');
  const std::string longName = std::string(250, 'a') + ".example";
  for (const std::string& text : {std::string(),
                                  std::string("   "),
                                  std::string("care_x.example"),
                                  std::string("care x"),
                                  std::string("a\nb"),
                                  std::string("a\0b", 3),
                                  std::string("\0", 1),
                                  std::string("\xff\xfe"),
                                  std::string("a..b"),
                                  std::string(".a"),
                                  std::string("."),
                                  std::string("-a.b"),
                                  std::string("a-.b"),
                                  std::string("1.2.3"),
                                  std::string("256.1.1.1"),
                                  std::string("0.0.0.0"),
                                  std::string("::"),
                                  std::string("[::]"),
                                  std::string("[192.0.2.7]"),
                                  std::string("[]"),
                                  std::string("["),
                                  std::string("[2001:db8::7"),
                                  std::string("fe80::1%eth0"),
                                  std::string("1:2:3"),
                                  std::string("*.example"),
                                  std::string("a,DNS:b"),
                                  std::string("a;b"),
                                  std::string("a\\b"),
                                  std::string("a=b"),
                                  std::string("https://"),
                                  std::string(":"),
                                  std::string(":8443"),
                                  std::string("//"),
                                  std::string("@"),
                                  std::string("a\xe2\x80\xae"
                                              "b.example"),
                                  std::string("xn--\xc3\xa4"),
                                  longLabel,
                                  longName,
                                  std::string(10 << 20, 'a'),
                                  std::string(100'000, ':'),
                                  std::string(100'000, '/')}) {
    const std::string told = complaint(text);
    CHECK(told.size() < 500);
    CHECK(told.find('\n') == std::string::npos);
  }
}

TEST_CASE("a server listens on addresses") {
  CHECK(*readListenAddress("0.0.0.0") == "0.0.0.0");
  CHECK(*readListenAddress("::") == "::");
  CHECK(*readListenAddress("[::1]") == "::1");
  CHECK(*readListenAddress("localhost") == "127.0.0.1");
  for (const char* text : {"", " ", "*", "eth0", "127.0.0.1:80", "care.example.org", "a\nb"})
    CHECK(readListenAddress(text).error().reason == "ADDRESS_INVALID");
}

}  // namespace
}  // namespace doorstep::config
