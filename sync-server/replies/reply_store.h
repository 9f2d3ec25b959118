// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/sql/database.h"
#include "shared/visits/office_fact.h"
#include "sync-server/event_log/office_act.h"

namespace doorstep::replies {

// What providers say of figures of contracts, each figure kept as it stood. Rows are added and
// never changed: a reply that was withdrawn has a later one that says so. Errors: the database's.
// Thread: the connection's.

// A figure of a provider's visits of a contract, as records/figures/reply_reading.h reads it.
struct SeenFigure {
  ContractId contract;
  std::string contractRef;
  ProviderId provider;
  std::string measure;
  std::int64_t firstDay = 0;  // local, counted from 1970-01-01, both inclusive
  std::int64_t lastDay = 0;
  std::vector<visits::FigureChoice> where;  // by dimension
  std::int64_t numerator = 0;               // not reduced
  std::int64_t denominator = 0;
  std::int64_t asOfUnixMs = 0;
};

struct Reply {
  std::uint32_t number = 0;  // of the provider about the contract, from 1
  SeenFigure figure;         // of a withdrawal: that of the reply that it withdraws
  std::string text;
  std::vector<VisitId> visits;    // by id
  std::uint32_t withdraws = 0;    // 0: none
  std::uint32_t withdrawnBy = 0;  // 0: it holds
  AccountId account;
  std::int64_t madeUnixMs = 0;
};

// Absent and empty: any. Days: figures with a day in common.
struct ReplyFilter {
  ContractId contract;
  std::optional<ProviderId> provider;
  std::string measure;
  std::int64_t firstDay = INT64_MIN;
  std::int64_t lastDay = INT64_MAX;
};
// The oldest first, after `skipped` of them, at most `limit`. Cost: the contract's replies.
Result<std::vector<Reply>> repliesOf(sql::Database& database, const ReplyFilter& filter,
                                     std::uint64_t skipped, std::uint32_t limit);
// Of the provider, by contract and number. Memory: one at a time.
Status forEachReplyOf(sql::Database& database, ProviderId provider,
                      const std::function<Status(const Reply&)>& each);

// What the provider's log says; who and when stand in the fact around it.
visits::FigureReplied factOf(const Reply& reply);

// Refuses what the writer would refuse of the words. INVALID_ARGUMENT: TEXT_MISSING, TEXT_TOO_LONG,
// and the reasons of textFlaw (shared/core/display_text.h).
Status checkText(const std::string& text);

// Inside an office's write job: adds the rows and says the reply in the provider's log. The caller
// has checked that the visits are of the figure's contract and days. Errors: those of checkText;
// INVALID_ARGUMENT (CHOICE_TOO_LONG, ATTACHED_TOO_MANY, VISIT_TWICE); RESOURCE_EXHAUSTED
// (REPLIES_TOO_MANY).
Result<Reply> replyToFigure(sql::Database& database, const SeenFigure& figure,
                            const std::string& text, std::vector<VisitId> visits,
                            event_log::OfficeAct& act);

// A reply that says that another one holds no longer. Errors: those of the text;
// NOT_FOUND (REPLY_UNKNOWN), FAILED_PRECONDITION (REPLY_WITHDRAWN, REPLY_IS_WITHDRAWAL),
// RESOURCE_EXHAUSTED (REPLIES_TOO_MANY).
Result<Reply> withdrawReply(sql::Database& database, ContractId contract, ProviderId provider,
                            std::uint32_t number, const std::string& text,
                            event_log::OfficeAct& act);

}  // namespace doorstep::replies
