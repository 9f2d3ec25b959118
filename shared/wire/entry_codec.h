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

// Entries of shared/visits as encoded visit.v1.SignedEntry. The bytes are what is hashed, signed,
// kept and sent; nobody encodes an entry twice. Thread: any.

// The entry without its signature. Its events are of one boot and of one kind of subject, and each
// must follow the one before it.
std::string encodeEntry(const visits::Entry& entry);
// What the device signs of it. Error MALFORMED: the entry was no entry.
Result<std::string> messageToSign(DeviceId device, std::string_view unsignedEntry);
// signature: 64 bytes.
std::string withSignature(std::string unsignedEntry, std::string_view signature);

// Whether `next` can stand behind `before` in one entry: the next number, a subject of the same
// kind, a monotonic clock that did not run back, and steps of both clocks that the columns can hold
// (a wall clock can be set anywhere).
bool followsInEntry(const visits::Event& before, const visits::Event& next);

// Bytes from outside. Error MALFORMED: no SignedEntry, or its columns cannot be undone. An unknown
// kind of fact or subject is no error, and neither is a field that is outside its limits: limits
// says which, because an authentic entry keeps its place whatever it says.
struct DecodedEntry {
  visits::Entry entry;
  std::string limits;  // empty: all fields are within their limits; otherwise what is not
};
Result<DecodedEntry> decodeEntry(std::string_view bytes);

// What a header says, as an entry without events; Errors as of decodeEntry.
struct DecodedHeader {
  visits::Entry entry;
  std::uint64_t firstEventNumber = 0;
  visits::SubjectKind subjectKind = visits::SubjectKind::Visit;
};
Result<DecodedHeader> decodeHeader(std::string_view header);

// An event as it is hashed. Of a sealed one the hash alone is known.
struct EventEvidence {
  bool sealed = false;
  std::uint64_t subjectId = 0;
  std::uint64_t bootMs = 0;
  std::int64_t wallUnixMs = 0;
  std::string fact;  // encoded
  std::string salt;
  Hash hash;
};
// What follows from an entry's bytes for its hashes.
struct EntryEvidence {
  std::string header;
  std::string signature;  // any bytes: to be verified
  std::string arrivalSalt;
  std::vector<EventEvidence> events;

  std::string signedMessage(DeviceId device) const;
  Hash hash(DeviceId device) const;
};

// Both at once: one reading for who verifies and counts.
struct OpenedEntry {
  DecodedEntry decoded;
  EntryEvidence evidence;
};
Result<OpenedEntry> openEntry(std::string_view bytes);

}  // namespace doorstep::wire
