// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "doorstep/admin/v1/page_token.pb.h"
#include "doorstep/records/v1/exports_service.pb.h"
#include "shared/core/clock.h"
#include "shared/core/id_source.h"
#include "shared/crypto/resumable_sha256.h"
#include "sync-server/exports/export_store.h"
#include "sync-server/office/office_log.h"
#include "sync-server/records/records_reader.h"

namespace doorstep::rpc {

// One file of records while it is written for an account, piece by piece, in one call or in several
// that go on behind each other's pieces: what it is now is a place of a page token
// (admin.v1.ExportPlace). Said in the logs when all of it was taken. Thread: one at a time.
class RecordExport {
 public:
  struct Asked {
    identity::AccountCaller caller;
    records::v1::RecordFilter filter;
    records::RowFormat format = records::RowFormat::Csv;
    std::int64_t asOfUnixMs = 0;  // 0: now
  };

  // A new one. Errors: those of readFilter; AS_OF_IN_FUTURE; NOT_FOUND (CONTRACT_UNKNOWN) of one
  // that the caller may not see; INVALID_ARGUMENT (EXPORT_FORMAT) of texts that no log takes.
  static Result<RecordExport> begin(sql::Database& database, Asked asked, const Clock& clock,
                                    IdSource& ids);
  // One that goes on. Further error: PAGE_TOKEN_INVALID.
  static Result<RecordExport> goOn(sql::Database& database, Asked asked,
                                   const admin::v1::ExportPlace& place);

  bool isWritten() const { return isWritten_; }
  std::int64_t asOfUnixMs() const { return made_.asOfUnixMs; }
  // The next piece; not when everything is written.
  Result<std::string> next(const records::Reading& reading);
  // Behind the newest piece.
  admin::v1::ExportPlace place() const;
  const std::optional<records::RecordPlace>& after() const { return after_; }
  std::uint64_t rows() const { return rows_; }
  std::uint64_t bytes() const { return bytes_; }

  // Says it in the log of each provider whose records were asked for. Absent: of no provider. Again
  // for the same export: what was said. Errors: those of OfficeLog.
  Result<std::optional<exports::Export>> finish(office::OfficeLog& office) const;

 private:
  RecordExport() = default;
  Status read(sql::Database& database, Asked asked);

  Asked asked_;
  records::RecordFilter filter_;
  visits::ExportMade made_;
  std::vector<ProviderId> providers_;
  std::int64_t begunUnixMs_ = 0;
  std::optional<records::RecordPlace> after_;
  bool isWritten_ = false;
  std::uint64_t rows_ = 0;
  std::uint64_t bytes_ = 0;
  crypto::ResumableSha256 hash_;
};

// "late" of PUNCTUALITY_LATE, as the column of visits.csv has it, and back.
std::string punctualityName(records::v1::Punctuality punctuality);
records::v1::Punctuality punctualityNamed(const std::string& name);

}  // namespace doorstep::rpc
