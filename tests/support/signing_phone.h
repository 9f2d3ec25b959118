// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "shared/crypto/keys.h"
#include "shared/crypto/sha256.h"
#include "shared/visits/event.h"
#include "shared/wire/entry_codec.h"
#include "sync-server/identity/device_registry.h"

namespace doorstep::support {

// Makes entries like a phone, and like a faulty or dishonest one; for tests of the server.
class SigningPhone {
 public:
  SigningPhone(std::uint64_t device, std::uint64_t provider, std::uint64_t carer)
      : key_(crypto::P256PrivateKey::generate()),
        known_{identity::DeviceCaller{DeviceId(device), ProviderId(provider), CarerId(carer)},
               key_.publicKey()} {}

  struct Signed {
    std::string bytes;  // encoded SignedEntry
    Hash hash;

    // The signature is the last 64 bytes.
    void spoilSignature() { bytes.at(bytes.size() - 54) ^= 1; }
  };

  const identity::KnownDevice& known() const { return known_; }
  DeviceId device() const { return known_.caller.device; }
  const crypto::P256PrivateKey& key() const { return key_; }

  // The next entry of the chain: one check-in, or a whole visit with `events` - 2 tasks.
  visits::Entry next(VisitId visit, std::size_t events = 1) const {
    visits::Entry entry{.n = n_ + 1, .previousHash = previous_, .salt = salt(n_ + 1), .boot = 1};
    for (std::size_t i = 0; i < events; ++i)
      entry.events.push_back(
          {.number = nextEvent_ + i,
           .visit = visit,
           .bootMs = 1'000 + 100 * (nextEvent_ + i),
           .wallUnixMs = 1'790'000'000'000 + static_cast<std::int64_t>(100 * (nextEvent_ + i)),
           .fact = factOf(i, events)});
    return entry;
  }
  // Signs the entry and continues the chain after it.
  Signed seal(const visits::Entry& entry) {
    Signed sealed = sign(wire::encodeEntry(entry));
    n_ = entry.n;
    previous_ = sealed.hash;
    if (!entry.events.empty())
      nextEvent_ = entry.events.back().number + 1;
    return sealed;
  }
  Signed record(VisitId visit, std::size_t events = 1) { return seal(next(visit, events)); }
  // Signs an unsigned entry, or returns bytes that are not an entry unsigned; the chain is
  // unchanged.
  Signed sign(std::string bytes) const {
    const auto message = wire::messageToSign(device(), bytes);
    if (!message.ok())
      return {bytes, crypto::sha256(bytes)};
    return {wire::withSignature(std::move(bytes), key_.sign(*message)), crypto::sha256(*message)};
  }

 private:
  static visits::Fact factOf(std::size_t i, std::size_t events) {
    if (i == 0)
      return visits::CheckedIn{};
    if (i + 1 == events)
      return visits::CheckedOut{};
    return visits::TaskRecorded{.taskNumber = static_cast<std::uint32_t>(i),
                                .outcome = visits::TaskOutcome::Done,
                                .independence = visits::Independence::Prompted};
  }
  static std::string salt(std::uint64_t n) { return std::string(8, 's') + bigEndian64(n); }

  crypto::P256PrivateKey key_;
  identity::KnownDevice known_;
  std::uint64_t n_ = 0;
  std::optional<Hash> previous_;
  std::uint64_t nextEvent_ = 1;
};

}  // namespace doorstep::support
