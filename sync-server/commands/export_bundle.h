// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "shared/core/result.h"
#include "shared/crypto/sealing.h"
#include "shared/visits/office_fact.h"
#include "sync-server/config/server_context.h"
#include "sync-server/identity/caller.h"
#include "sync-server/records/evidence/evidence_bundle.h"

namespace doorstep::commands {

// What `export --bundle` was asked for.
struct BundleAsked {
  std::string folder;
  records::RecordFilter filter;
  doorstep::records::v1::BundleManifest words;  // the same as it was typed
  std::string rulesJson;
};

// What its fact says of it: the hash is that of its manifest, which lists the files.
// Writes the bundle beside a server that may run, with progress on standard error. Called inside a
// snapshot, so that no entry is newer than the log's head. Errors: those of records::writeBundle
// and of opening the log.
Result<visits::ExportedFile> exportBundle(config::ServerContext& context,
                                          const identity::AccountCaller& caller,
                                          std::int64_t nowUnixMs,
                                          const crypto::SecretKey& pseudonymKey,
                                          const BundleAsked& asked);

}  // namespace doorstep::commands
