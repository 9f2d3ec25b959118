// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "shared/core/strong_id.h"
#include "shared/evidence/entry_chain.h"
#include "shared/visits/attendance/attendance_record.h"
#include "shared/visits/event.h"
#include "tools/verify/bundle.h"

namespace doorstep::verify {

// An entry that is in a provider's log, as its proof shows it.
struct LoggedEntry {
  std::string file;
  DeviceId device;
  // Absent: its bytes were erased, and nothing is known of what it said.
  std::optional<visits::Entry> header;
  std::uint64_t firstEvent = 0;
  std::vector<visits::Event> shown;
  std::uint64_t hidden = 0;  // events whose hash alone is shown
  std::optional<evidence::Arrival> arrival;
};

// An entry's proof against the one checkpoint of its log. Errors: those of the proof's parts;
// PROOF_POSITION, PROOF_CHECKPOINT.
Result<LoggedEntry> readEntryProof(const std::string& file, const std::string& text,
                                   std::uint64_t position, const BundleLog& log);

// The entries of a bundle that are proved, by log and position, and which visits they speak of.
// Thread: one.
class EntryProofs {
 public:
  // Checks every proof; one that fails is a finding, and its entry is not there.
  EntryProofs(const Bundle& bundle, Findings& findings);

  const LoggedEntry* at(ProviderId provider, std::uint64_t position) const;
  // Positions of entries with a shown event about the visit.
  std::set<std::uint64_t> about(ProviderId provider, VisitId visit) const;
  // When an entry with header and arrival arrived, bounded by the entry whose checkpoint the phone
  // named, where it is in the bundle.
  attendance::EntryArrival arrival(ProviderId provider, const LoggedEntry& entry) const;
  // Every visit that an event is shown of.
  std::vector<std::pair<ProviderId, VisitId>> visits() const;

  std::size_t size() const { return entries_.size(); }
  // Events of these entries that are shown as hashes.
  std::uint64_t hidden() const;
  // Entries of the same phones, between the first and the last of each, that are not in the bundle.
  std::uint64_t between() const;

 private:
  void read(const Bundle& bundle, const std::string& file, Findings& findings);

  std::map<std::pair<ProviderId, std::uint64_t>, LoggedEntry> entries_;
  std::map<std::pair<ProviderId, VisitId>, std::set<std::uint64_t>> about_;
};

}  // namespace doorstep::verify
