// SPDX-License-Identifier: Apache-2.0
#include "tests/hostile/front_attacks.h"

#include <initializer_list>
#include <utility>

namespace doorstep::hostile {
namespace {

constexpr std::size_t kMib = 1 << 20;
const std::string kHost = "Host: localhost\r\n";
const std::string kSignIn = "POST /doorstep.admin.v1.AccountService/SignIn HTTP/1.1\r\n" + kHost +
                            "Content-Type: application/json\r\n";
const std::string kImport = "POST /doorstep.admin.v1.OfficeService/ImportRota HTTP/1.1\r\n" +
                            kHost + "Content-Type: application/json\r\n";
const std::string kChunked = kSignIn + "Transfer-Encoding: chunked\r\n\r\n";

// A request whose head alone is refused.
FrontAttack head(const std::string& name, const std::string& lines, int status = 400) {
  return {name, lines + "\r\n", "", 0, status};
}

void addFramings(std::vector<FrontAttack>& attacks) {
  for (const char* fields : {"Transfer-Encoding: xchunked",
                             "Transfer-Encoding: identity",
                             "Transfer-Encoding: chunked, identity",
                             "Transfer-Encoding: gzip, chunked",
                             "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                             "Transfer-Encoding: chunked\r\nContent-Length: 5",
                             "Content-Length: 5\r\nTransfer-Encoding: chunked",
                             "Transfer-Encoding : chunked",
                             "Transfer-Encoding:\x0b"
                             "chunked",
                             "X: y\r\n Transfer-Encoding: chunked",
                             "Content-Length: 5\r\nContent-Length: 5",
                             "Content-Length: 5, 6",
                             "Content-Length: +5",
                             "Content-Length: -1",
                             "Content-Length: 0x5",
                             "Content-Length: 1e3",
                             "Content-Length: 99999999999999999999999",
                             "Content-Length: 5\r\nContent-Length: 6",
                             "X: y\nContent-Length: 5",
                             "X\x01: y"})
    attacks.push_back(head(std::string("framing ") + fields, kSignIn + fields + "\r\n"));
  attacks.push_back(head("a NUL in a field", kSignIn + std::string("X: a\0b\r\n", 8)));
  attacks.push_back(head("bare line feeds", "GET / HTTP/1.1\nHost: localhost\n\n"));
  attacks.push_back(head("no HTTP", std::string(100, '\x16') + "\r\n"));
  attacks.push_back(head("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n"));
}

void addHosts(std::vector<FrontAttack>& attacks) {
  const std::string line =
      "POST /doorstep.admin.v1.AccountService/GetSession HTTP/1.1\r\n"
      "Content-Type: application/json\r\n";
  attacks.push_back(head("no host", line));
  attacks.push_back(head("an empty host", line + "Host: \r\n"));
  attacks.push_back(head("two hosts", line + "Host: localhost\r\nHost: evil.example\r\n"));
  attacks.push_back(head("two hosts in one", line + "Host: localhost, evil.example\r\n"));
  attacks.push_back(head("a foreign host", line + "Host: evil.example\r\n", 421));
  attacks.push_back(head("a foreign host with the same origin",
                         line + "Host: evil.example\r\nOrigin: https://evil.example\r\n", 421));
  attacks.push_back(head("a page of another site",
                         line + kHost + "Origin: https://evil.example\r\nContent-Length: 0\r\n",
                         403));
}

// What is no body of chunks, however it is cut short or drawn out.
void addChunks(std::vector<FrontAttack>& attacks) {
  // 65,534 bytes: where the parser of a library threw.
  for (const std::size_t bytes : {65'533, 65'534, 65'535, 65'536, 70'000}) {
    const std::string text = "0\r\nX:" + std::string(bytes, 'a') + "\r\n\r\n";
    attacks.push_back({"a trailer of " + std::to_string(bytes), kChunked + text, "", 0, 400});
    const std::string name = "0\r\n" + std::string(bytes, 'x') + ": y\r\n\r\n";
    attacks.push_back(
        {"a trailer's name of " + std::to_string(bytes), kChunked + name, "", 0, 400});
    const std::string field = "X: " + std::string(bytes, 'a') + "\r\n\r\n";
    attacks.push_back({"a field of " + std::to_string(bytes), kSignIn + field, "", 0, 431});
  }
  for (const char* bytes :
       {"x\r\n", "-1\r\n", "1\nab", "1\r\nab\r\n", "1 ;\r\n", "FFFFFFFFFFFFFFFF\r\n", "0\r\n\n",
        "0\r\n folded\r\n", "0\r\nContent-Length: 1\r\n", "1;\n"})
    attacks.push_back({std::string("chunk ") + bytes, kChunked + bytes, "", 0, 400});
  const std::string piece(64 << 10, 'a');
  const std::size_t pieces = 300 * kMib / piece.size();
  attacks.push_back({"a trailer without end", kChunked + "0\r\nX: ", piece, pieces, 400});
  std::string trailers;
  while (trailers.size() < piece.size())
    trailers += "X: y\r\n";
  attacks.push_back({"trailers without end", kChunked + "0\r\n", trailers, pieces, 400});
  attacks.push_back({"an extension without end", kChunked + "1;", piece, pieces, 400});
  attacks.push_back({"a size without end", kChunked, std::string(64 << 10, '0'), pieces, 400});
  attacks.push_back({"a chunk of 4 GiB", kChunked + "ffffffff\r\n", piece, pieces, 0});
}

// More than whoever calls may send.
void addSizes(std::vector<FrontAttack>& attacks) {
  const std::string piece(64 << 10, ' ');
  const auto with = [](const std::string& start, std::size_t bytes) {
    return start + "Content-Length: " + std::to_string(bytes) + "\r\n\r\n";
  };
  attacks.push_back({"a body of 300 MiB", with(kSignIn, 300 * kMib), piece, 4800, 413});
  attacks.push_back({"a body of 4 MiB without a session", with(kSignIn, 4 * kMib), piece, 64, 401});
  attacks.push_back({"a rota without a session", with(kImport, 20 * kMib), piece, 320, 401});
  attacks.push_back(
      {"a rota with a session that is none",
       with(kImport + "Cookie: __Host-doorstep-session=" + std::string(64, 'a') + "\r\n",
            20 * kMib),
       piece, 320, 401});
  attacks.push_back(
      {"a body for a page", with("GET / HTTP/1.1\r\n" + kHost, 20 * kMib), piece, 320, 413});
  std::string chunk = "10000\r\n" + std::string(0x10000, ' ') + "\r\n";
  attacks.push_back({"chunks without end", kChunked, chunk, 4800, 401});
  attacks.push_back({"a request line without end", "GET /", std::string(64 << 10, 'a'), 4800, 431});
  attacks.push_back({"fields without end", "GET / HTTP/1.1\r\n", "X: y\r\n", 40'000, 431});
  std::string many = "GET / HTTP/1.1\r\n" + kHost;
  for (int i = 0; i < 2'000; ++i)
    many += "A:\r\n";
  attacks.push_back({"many fields", many + "\r\n", "", 0, 431});
}

}  // namespace

std::vector<FrontAttack> frontAttacks() {
  std::vector<FrontAttack> attacks;
  addFramings(attacks);
  addHosts(attacks);
  addChunks(attacks);
  addSizes(attacks);
  return attacks;
}

}  // namespace doorstep::hostile
