// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/result.h"
#include "shared/crypto/sha256.h"
#include "shared/visits/office_fact.h"
#include "sync-server/config/server_context.h"
#include "sync-server/records/records_reader.h"

namespace doorstep::commands {

// The parts of `export` that its ways of writing share.

struct ExportFlags {
  std::string provider;
  std::string contract;
  std::string lot;
  std::string firstDay;
  std::string lastDay;
  std::string output;
  std::string proofs;
  std::string rules;
  std::string packages;
  std::string bundle;
  std::string fhir;
  std::string out;                   // a folder for files of these formats
  std::vector<std::string> formats;  // names of export_folder.h
};

// One export: the caller (account 0 for commands of the server), the filter, the clock, and what
// was written until now.
struct ExportWork {
  config::ServerContext& context;
  identity::AccountCaller caller;
  records::v1::RecordFilter message;
  records::RecordFilter filter;
  std::int64_t nowUnixMs = 0;
  crypto::SecretKey pseudonymKey{};
  std::vector<visits::ExportedFile> written = {};

  records::Reading reading(sql::Database& database) const {
    return {database, caller, nowUnixMs, pseudonymKey};
  }
};

// A stream that knows what its fact says: how much went through it, and its hash. `out` outlives
// it. Thread: one.
class HashedStream {
 public:
  HashedStream(std::ostream& out, std::string format) : out_(out) {
    file_.format = std::move(format);
  }
  void write(std::string_view bytes, std::uint64_t rows = 0) {
    out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    hash_.add(bytes);
    file_.bytes += bytes.size();
    file_.rows += rows;
  }
  bool good() const { return out_.good(); }
  // Once, at the end. Error: RESOURCE_EXHAUSTED (WRITE_FAILED).
  Result<visits::ExportedFile> finish();

 private:
  std::ostream& out_;
  crypto::Sha256 hash_;
  visits::ExportedFile file_;
};

// Errors: PROVIDER_UNKNOWN, CONTRACT_UNKNOWN, CONTRACT_AMBIGUOUS.
Result<records::v1::RecordFilter> filterOf(sql::Database& database, const ExportFlags& flags);
// The contracts that the filter's records may be under, and their rules as rules.json.
Result<std::vector<roster::Contract>> contractsOf(const ExportWork& work, sql::Database& database);
Result<std::string> rulesOf(const ExportWork& work, sql::Database& database);
// packages.csv. Error: DAYS_MISSING.
Status writePackages(const ExportWork& work, sql::Database& database, HashedStream& out);

}  // namespace doorstep::commands
