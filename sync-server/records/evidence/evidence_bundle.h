// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "doorstep/records/v1/bundle.pb.h"
#include "sync-server/event_log/event_log.h"
#include "sync-server/records/record_filter.h"
#include "sync-server/records/records_reader.h"

namespace doorstep::records {

// What a bundle is made of.
struct BundleSource {
  Reading reading;
  RecordFilter filter;
  event_log::EventLog& log;
  std::function<std::string(ProviderId)> verifierKey;
  std::string rulesJson;            // of the contracts that the records may be under
  const v1::BundleManifest& asked;  // what was asked for, as the manifest repeats it
};

// Visits written so far.
using BundleProgress = std::function<void(std::uint64_t)>;

// Writes records and their evidence into a new folder (docs/sync-protocol.md, "Bundle"): the file
// of records, rules, a proof for each entry that counts at one of its visits, and the proofs of
// plan, terms, rules, of what is commissioned, of what was said of slots, of earlier starts and of
// the freezes of its months. All of it is one snapshot of the database, and all proofs of a log are
// against one checkpoint. Of an entry the events about the file's visits are shown, of others their
// hashes; who was planned is not shown.
//
// Returns the manifest. After an error there is no folder. Memory: a number for each entry and each
// decision written, besides what BundleFolder needs. The snapshot is held to the end, and a
// database of SQLite keeps what is written in the meantime in its WAL. Errors: those of
// BundleFolder, PlanProofMaker and the database. Thread: the connection's.
Result<v1::BundleManifest> writeBundle(const BundleSource& from,
                                       const std::filesystem::path& folder,
                                       const BundleProgress& progress);

}  // namespace doorstep::records
