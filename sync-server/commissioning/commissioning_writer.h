// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "sync-server/commissioning/row_store.h"
#include "sync-server/event_log/office_act.h"

namespace doorstep::commissioning {

// Writes rows of one provider as one version, with a fact of each kind of row in the provider's
// log: what `verify` compares the rows with. The callers hold values to limits.h and days that have
// begun to a reason (begun_days.h). Inside a write job; lives for one act. Thread: the
// connection's.
class CommissioningWriter {
 public:
  // why: the act's reason in words, at most kWhyBytesMax; may be empty. Error DATA_LOSS
  // (COMMISSIONING_ROWS_FOREIGN): the version's rows are there already, written by somebody else.
  static Result<CommissioningWriter> begin(sql::Database& database, ProviderId provider,
                                           event_log::OfficeAct& office, std::string why);

  // Whether nothing was commissioned of the provider before this act.
  bool isFirst() const { return version_ == 1; }
  // Puts the row in place of those in force of its key that begin on its days, up to lastDay. Its
  // version is set here.
  Status put(CommissionedRow row, std::int64_t lastDay = kNoLastDay);
  // Writes version and facts. Returns the version in force: the one of before when nothing was put.
  Result<std::uint64_t> finish();

 private:
  CommissioningWriter(sql::Database& database, ProviderId provider, event_log::OfficeAct& office,
                      std::string why, std::uint64_t version)
      : database_(database),
        provider_(provider),
        office_(office),
        why_(std::move(why)),
        version_(version) {}

  sql::Database& database_;
  const ProviderId provider_;
  event_log::OfficeAct& office_;
  const std::string why_;
  const std::uint64_t version_;  // that is being made
  bool written_ = false;
};

}  // namespace doorstep::commissioning
