// SPDX-License-Identifier: Apache-2.0
#include "shared/evidence/entry_chain.h"

#include <catch2/catch.hpp>

#include "shared/crypto/sha256.h"

using namespace doorstep;
using namespace doorstep::evidence;

namespace {

const std::string kSalt = "0123456789abcdef";

}  // namespace

TEST_CASE("HMAC-SHA-256 gives RFC 4231's values") {
  CHECK(toHex(crypto::hmacSha256(std::string(20, '\x0b'), {"Hi ", "There"}).view()) ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(toHex(crypto::hmacSha256("Jefe", {"what do ya want for nothing?"}).view()) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST_CASE("each event and the arrival have a salt of their own") {
  const EntrySalts salts(kSalt);
  CHECK(salts.ofEvent(0).size() == kSaltBytes);
  CHECK(salts.ofEvent(0) == EntrySalts(kSalt).ofEvent(0));
  CHECK(salts.ofEvent(0) != salts.ofEvent(1));
  CHECK(salts.ofEvent(0) != salts.ofArrival());
  CHECK(salts.ofArrival() != EntrySalts("0123456789abcdeg").ofArrival());
}

// Computed by docs/sync-protocol.md with another language's library (Python's hashlib and hmac).
TEST_CASE("what is hashed of an entry is what the protocol's page says, to the byte") {
  const EntrySalts salts(kSalt);
  const HashedEvent event{5, 0x1122334455667788, 90'000, 1'795'420'800'000, "\x0a\x00"};
  const Hash first = eventHash(salts.ofEvent(0), {5, 0x1122334455667788, 90'000, 1'795'420'800'000,
                                                  std::string_view("\x0a\x00", 2)});
  CHECK(first != eventHash(salts.ofEvent(0), event));  // the fact counts to its last byte
  const Hash hashes[] = {first};
  const Hash entry = entryHash(DeviceId(7), "header", hashes);
  const Hash arrival = arrivalHash(salts.ofArrival(), {1'795'420'801'000, "clock"});
  CHECK(toHex(salts.ofEvent(0)) == "4268e8a61962accc3f095ac223b8600f");
  CHECK(toHex(salts.ofArrival()) == "b95592f262a7790c046902e1e1b6424a");
  CHECK(toHex(first.view()) == "d23b17487a5172b9924693df9b9b59dcd5bb1fd0cb3b016c62ae27aaccd4f000");
  CHECK(toHex(entry.view()) == "d7a81e55c8767b8728c2ca1818b5cbb0be47ef012c0268a9773b63e7917866b9");
  CHECK(toHex(arrival.view()) ==
        "6bf72552846bb72b535deb9581a0ebd97f598bd59b6f002de225827d8726c846");
  CHECK(toHex(crypto::sha256(leafData(entry, arrival)).view()) ==
        "0d9bb05b9412ab73117dfe85a1ad782b5fcdd26b4737b64e6fa98252b3896a26");
}
