// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/sql/database.h"
#include "shared/visits/office_fact.h"

namespace doorstep::commissioning {

using Kind = visits::CommissionedKind;

constexpr std::int64_t kNoLastDay = INT64_MAX;

// What a row is about. subject: the person of a package or pause, the contract of a lot or rate,
// the council of a commissioner; 0 of a rating. name: the service kind, the lot, …
struct RowKey {
  Kind kind = Kind::Package;
  std::uint64_t subject = 0;
  std::string name;
  auto operator<=>(const RowKey&) const = default;
};

// A dated row (commissioned.proto). It holds from its first local day on until its last, or until
// the next row in force of its key begins; a row that ended does not come back when a later one
// ends. Rows stay for ever: another one takes the place of one.
struct CommissionedRow {
  RowKey key;
  std::int64_t fromDay = 0;
  std::optional<std::int64_t> untilDay;  // the last day; absent: none
  std::string content;                   // an encoded message
  std::string reason;                    // why it holds for days that had begun; empty: it did not
  std::uint64_t version = 0;
  std::optional<std::uint64_t> replacedVersion;  // absent: in force

  bool holdsOn(std::int64_t day) const { return fromDay <= day && (!untilDay || day <= *untilDay); }
  bool saysTheSame(const CommissionedRow& other) const {
    return untilDay == other.untilDay && content == other.content;
  }
};

// An act that changed what is commissioned of a provider: 1, 2, 3 …
struct CommissioningVersion {
  std::uint64_t version = 0;
  std::int64_t madeUnixMs = 0;
  AccountId account;  // absent: the operator's command line
  std::string why;
};

// Rows of a subject, with those that others took the place of, by (name, first day, version).
// Cost: the size of the result. Thread: the connection's, as of all functions here.
Result<std::vector<CommissionedRow>> rowsOfSubject(sql::Database& database, ProviderId provider,
                                                   Kind kind, std::uint64_t subject);
// Rows in force of a kind, by key and first day, after the place; at most `limit`.
struct RowPlace {
  RowKey key;
  std::int64_t fromDay = 0;
};
Result<std::vector<CommissionedRow>> rowsInForce(sql::Database& database, ProviderId provider,
                                                 Kind kind, const std::optional<RowPlace>& after,
                                                 std::uint32_t limit);
// Every row of the provider.
Status forEachRow(sql::Database& database, ProviderId provider,
                  const std::function<Status(CommissionedRow)>& each);
// The rows that the version wrote or put others in place of.
Result<std::vector<CommissionedRow>> rowsOfVersion(sql::Database& database, ProviderId provider,
                                                   std::uint64_t version);

// Of rows of one key: the one that holds on the day. Null: none.
const CommissionedRow* rowOn(const std::vector<CommissionedRow>& rows, std::string_view name,
                             std::int64_t day);

// The newest version; 0: nothing was ever said. Grows with every change, so whoever derives
// something remembers up to which version.
Result<std::uint64_t> commissioningVersion(sql::Database& database, ProviderId provider);
Result<std::vector<CommissioningVersion>> commissioningVersions(sql::Database& database,
                                                                ProviderId provider);
// One of them; nullopt: there is none of that number.
Result<std::optional<CommissioningVersion>> versionOf(sql::Database& database, ProviderId provider,
                                                      std::uint64_t version);

// What versions in (after, to] changed: the key, and from which day at the earliest.
struct RowChange {
  RowKey key;
  std::int64_t fromDay = 0;
};
Result<std::vector<RowChange>> changedSince(sql::Database& database, ProviderId provider,
                                            std::uint64_t after, std::uint64_t to);

// Used by CommissioningWriter alone. Takes the place of rows of the key that begin on the row's
// days up to lastDay. Inside a write job.
Status putRow(sql::Database& database, ProviderId provider, const CommissionedRow& row,
              std::int64_t lastDay);
Status putVersion(sql::Database& database, ProviderId provider,
                  const CommissioningVersion& version);
// A row that says it is of a later version than the newest: somebody wrote it past the server.
Result<bool> hasRowsAfter(sql::Database& database, ProviderId provider, std::uint64_t version);

}  // namespace doorstep::commissioning
