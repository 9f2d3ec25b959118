// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/bytes.h"
#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/visits/event.h"

namespace doorstep::wire {

// Entries of shared/visits as encoded visit.v1.SignedEntry. These bytes are hashed, signed, stored
// and sent; an entry is never encoded twice. Thread: any.

// The entry without its signature. Its events have one boot and one kind of subject, and each
// followsInEntry the one before.
std::string encodeEntry(const visits::Entry& entry);
// The message that the device signs. Error MALFORMED: not an entry.
Result<std::string> messageToSign(DeviceId device, std::string_view unsignedEntry);
// signature: 64 bytes.
std::string withSignature(std::string unsignedEntry, std::string_view signature);

// Whether `next` can follow `before` in one entry: the next number, the same kind of subject, a
// monotonic clock that did not run back, and clock steps that fit the columns (a wall clock can be
// set to anything).
bool followsInEntry(const visits::Event& before, const visits::Event& next);

// Decodes bytes from outside. Error MALFORMED: not a SignedEntry, or its columns cannot be decoded.
// An unknown kind of fact or subject is no error; nor is a field outside its limits, because an
// authentic entry keeps its place in the log whatever its contents.
struct DecodedEntry {
  visits::Entry entry;
  std::string limits;  // the first field outside its limits; empty: none
};
Result<DecodedEntry> decodeEntry(std::string_view bytes);

// Decodes a header into an entry without events. Errors: as decodeEntry.
struct DecodedHeader {
  visits::Entry entry;
  std::uint64_t firstEventNumber = 0;
  visits::SubjectKind subjectKind = visits::SubjectKind::Visit;
};
Result<DecodedHeader> decodeHeader(std::string_view header);

// Input of an event's hash. For a sealed event only the hash is known.
struct EventEvidence {
  bool sealed = false;
  std::uint64_t subjectId = 0;
  std::uint64_t bootMs = 0;
  std::int64_t wallUnixMs = 0;
  std::string fact;  // encoded
  std::string salt;
  Hash hash;
};
// The parts of an entry that its hashes depend on.
struct EntryEvidence {
  std::string header;
  std::string signature;  // not verified, any bytes
  std::string arrivalSalt;
  std::vector<EventEvidence> events;

  std::string signedMessage(DeviceId device) const;
  Hash hash(DeviceId device) const;
};

// Both results of one decoding pass, for callers that verify and count.
struct OpenedEntry {
  DecodedEntry decoded;
  EntryEvidence evidence;
};
Result<OpenedEntry> openEntry(std::string_view bytes);
// Salt of an entry's arrival hash, without the evidence of its events. Errors: as decodeEntry.
Result<std::string> arrivalSaltOf(std::string_view bytes);

}  // namespace doorstep::wire
