// SPDX-License-Identifier: Apache-2.0
#include "sync-server/replies/reply_store.h"

#include <algorithm>
#include <utility>

#include "shared/core/display_text.h"
#include "sync-server/replies/limits.h"

namespace doorstep::replies {
namespace {

// The number of the withdrawal comes from an aggregate: were there two, the row still stands once.
constexpr const char* kSelect = R"sql(
SELECT r.contract_id, r.provider_id, r.reply_number, r.contract_ref, r.measure, r.first_day,
  r.last_day, r.numerator, r.denominator, r.as_of_unix_ms, r.body, r.withdraws, r.account_id,
  r.made_unix_ms,
  (SELECT MIN(w.reply_number) FROM figure_reply w WHERE w.contract_id = r.contract_id
    AND w.provider_id = r.provider_id AND w.withdraws = r.reply_number)
FROM figure_reply r
)sql";

Reply read(const sql::Statement& row) {
  Reply reply{.number = static_cast<std::uint32_t>(row.columnInt(2)),
              .figure = {.contract = ContractId(row.columnId(0)),
                         .contractRef = row.columnText(3),
                         .provider = ProviderId(row.columnId(1)),
                         .measure = row.columnText(4),
                         .firstDay = row.columnInt(5),
                         .lastDay = row.columnInt(6),
                         .where = {},
                         .numerator = row.columnInt(7),
                         .denominator = row.columnInt(8),
                         .asOfUnixMs = row.columnInt(9)},
              .text = row.columnText(10),
              .visits = {},
              .withdraws = static_cast<std::uint32_t>(row.columnInt(11)),
              .withdrawnBy = 0,
              .account = AccountId(row.columnId(12)),
              .madeUnixMs = row.columnInt(13)};
  if (!row.columnIsNull(14))
    reply.withdrawnBy = static_cast<std::uint32_t>(row.columnInt(14));
  return reply;
}

// The rows of a reply in the two other tables, prepared once.
class Parts {
 public:
  static Result<Parts> open(sql::Database& database) {
    DOORSTEP_ASSIGN(auto choices, database.prepare(R"sql(
SELECT dimension, choice FROM figure_reply_choice
WHERE contract_id = ? AND provider_id = ? AND reply_number = ?)sql"));
    DOORSTEP_ASSIGN(auto visits, database.prepare(R"sql(
SELECT visit_id FROM figure_reply_visit
WHERE contract_id = ? AND provider_id = ? AND reply_number = ?)sql"));
    return Parts(std::move(choices), std::move(visits));
  }

  Status addTo(Reply& reply) {
    for (sql::Statement* rows : {&choices_, &visits_}) {
      rows->reset();
      rows->bindId(0, reply.figure.contract.value).bindId(1, reply.figure.provider.value);
      rows->bind(2, reply.number);
    }
    while (true) {
      DOORSTEP_ASSIGN(const bool row, choices_.step());
      if (!row)
        break;
      reply.figure.where.push_back({choices_.columnText(0), choices_.columnText(1)});
    }
    while (true) {
      DOORSTEP_ASSIGN(const bool row, visits_.step());
      if (!row)
        break;
      reply.visits.emplace_back(visits_.columnId(0));
    }
    // The engines order texts and ids otherwise.
    std::sort(reply.figure.where.begin(), reply.figure.where.end());
    std::sort(reply.visits.begin(), reply.visits.end());
    return kDone;
  }

 private:
  Parts(sql::Statement choices, sql::Statement visits)
      : choices_(std::move(choices)), visits_(std::move(visits)) {}
  sql::Statement choices_, visits_;
};

Status readAll(sql::Database& database, sql::Statement& rows,
               const std::function<Status(Reply)>& each) {
  DOORSTEP_ASSIGN(Parts parts, Parts::open(database));
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return kDone;
    Reply reply = read(rows);
    DOORSTEP_TRY(parts.addTo(reply));
    DOORSTEP_TRY(each(std::move(reply)));
  }
}

Error invalid(const char* reason, const char* text) {
  return {ErrorCode::InvalidArgument, reason, text};
}

Result<std::uint32_t> nextNumber(sql::Database& database, ContractId contract,
                                 ProviderId provider) {
  DOORSTEP_ASSIGN(auto newest, database.prepare(R"sql(
SELECT reply_number FROM figure_reply WHERE contract_id = ? AND provider_id = ?
ORDER BY reply_number DESC LIMIT 1)sql"));
  newest.bindId(0, contract.value).bindId(1, provider.value);
  DOORSTEP_ASSIGN(const bool any, newest.step());
  const std::int64_t number = any ? newest.columnInt(0) : 0;
  if (number >= kRepliesMax)
    return Error{ErrorCode::ResourceExhausted, "REPLIES_TOO_MANY",
                 "the provider has replied too often about the contract"};
  return static_cast<std::uint32_t>(number + 1);
}

Status store(sql::Database& database, const Reply& reply) {
  const SeenFigure& figure = reply.figure;
  DOORSTEP_ASSIGN(auto add, database.prepare(R"sql(
INSERT INTO figure_reply (contract_id, provider_id, reply_number, contract_ref, measure, first_day,
  last_day, numerator, denominator, as_of_unix_ms, body, withdraws, account_id, made_unix_ms)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))sql"));
  add.bindId(0, figure.contract.value).bindId(1, figure.provider.value).bind(2, reply.number);
  add.bindText(3, figure.contractRef).bindText(4, figure.measure);
  add.bind(5, figure.firstDay).bind(6, figure.lastDay).bind(7, figure.numerator);
  add.bind(8, figure.denominator).bind(9, figure.asOfUnixMs).bindText(10, reply.text);
  add.bind(11, reply.withdraws).bindId(12, reply.account.value);
  DOORSTEP_TRY(add.bind(13, reply.madeUnixMs).run());
  DOORSTEP_ASSIGN(auto addChoice, database.prepare(R"sql(
INSERT INTO figure_reply_choice (contract_id, provider_id, reply_number, dimension, choice)
VALUES (?, ?, ?, ?, ?))sql"));
  for (const visits::FigureChoice& choice : figure.where) {
    addChoice.bindId(0, figure.contract.value).bindId(1, figure.provider.value);
    addChoice.bind(2, reply.number).bindText(3, choice.dimension);
    DOORSTEP_TRY(addChoice.bindText(4, choice.value).run());
  }
  DOORSTEP_ASSIGN(auto addVisit, database.prepare(R"sql(
INSERT INTO figure_reply_visit (contract_id, provider_id, reply_number, visit_id)
VALUES (?, ?, ?, ?))sql"));
  for (const VisitId visit : reply.visits) {
    addVisit.bindId(0, figure.contract.value).bindId(1, figure.provider.value);
    DOORSTEP_TRY(addVisit.bind(2, reply.number).bindId(3, visit.value).run());
  }
  return kDone;
}

// Under the next number, and in the provider's log.
Result<Reply> add(sql::Database& database, Reply reply, event_log::OfficeAct& act) {
  DOORSTEP_ASSIGN(reply.number, nextNumber(database, reply.figure.contract, reply.figure.provider));
  reply.account = act.by().account;
  reply.madeUnixMs = act.decidedUnixMs();
  DOORSTEP_TRY(store(database, reply));
  act.say(reply.figure.provider, visits::OfficeReason::Reply, factOf(reply), {});
  return reply;
}

Status checkChoices(const std::vector<visits::FigureChoice>& where) {
  if (where.size() > kChoicesMax)
    return invalid("DIMENSIONS_TOO_MANY", "a figure is chosen by at most 16 dimensions");
  for (const visits::FigureChoice& choice : where)
    if (choice.dimension.size() > kChoiceBytesMax || choice.value.size() > kChoiceBytesMax)
      return invalid("CHOICE_TOO_LONG", "a value that visits are chosen by has at most 200 bytes");
  return kDone;
}

}  // namespace

Result<std::vector<Reply>> repliesOf(sql::Database& database, const ReplyFilter& filter,
                                     std::uint64_t skipped, std::uint32_t limit) {
  std::string text = kSelect;
  text += "WHERE r.contract_id = ? AND r.last_day >= ? AND r.first_day <= ?";
  text += filter.provider ? " AND r.provider_id = ?" : "";
  text += filter.measure.empty() ? "" : " AND r.measure = ?";
  text += " ORDER BY r.made_unix_ms, r.provider_id, r.reply_number LIMIT ? OFFSET ?";
  DOORSTEP_ASSIGN(auto rows, database.prepare(text));
  rows.bindId(0, filter.contract.value).bind(1, filter.firstDay).bind(2, filter.lastDay);
  int next = 3;
  if (filter.provider)
    rows.bindId(next++, filter.provider->value);
  if (!filter.measure.empty())
    rows.bindText(next++, filter.measure);
  rows.bind(next, limit).bind(next + 1, static_cast<std::int64_t>(skipped));
  std::vector<Reply> found;
  DOORSTEP_TRY(readAll(database, rows, [&](Reply reply) -> Status {
    found.push_back(std::move(reply));
    return kDone;
  }));
  return found;
}

Status forEachReplyOf(sql::Database& database, ProviderId provider,
                      const std::function<Status(const Reply&)>& each) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(std::string(kSelect) +
                                              "WHERE r.provider_id = ? ORDER BY r.contract_id, "
                                              "r.reply_number"));
  rows.bindId(0, provider.value);
  return readAll(database, rows, each);
}

visits::FigureReplied factOf(const Reply& reply) {
  const SeenFigure& figure = reply.figure;
  return {.contract = figure.contract,
          .contractRef = figure.contractRef,
          .reply = reply.number,
          .withdraws = reply.withdraws,
          .measure = figure.measure,
          .firstDay = figure.firstDay,
          .lastDay = figure.lastDay,
          .where = figure.where,
          .numerator = figure.numerator,
          .denominator = figure.denominator,
          .asOfUnixMs = figure.asOfUnixMs,
          .text = reply.text,
          .visits = reply.visits};
}

Status checkText(const std::string& text) {
  if (isBlankText(text))
    return invalid("TEXT_MISSING", "say something");
  if (text.size() > kTextBytesMax)
    return invalid("TEXT_TOO_LONG", "a reply has at most 2,000 bytes");
  const TextFlaw flaw = textFlaw(text, TextKind::Lines);
  if (flaw != TextFlaw::None)
    return invalid(reasonOf(flaw), "the reply holds characters that cannot be seen; type it anew");
  return kDone;
}

Result<Reply> replyToFigure(sql::Database& database, const SeenFigure& figure,
                            const std::string& text, std::vector<VisitId> visits,
                            event_log::OfficeAct& act) {
  DOORSTEP_TRY(checkText(text));
  DOORSTEP_TRY(checkChoices(figure.where));
  if (visits.size() > kAttachedMax)
    return invalid("ATTACHED_TOO_MANY", "at most 50 visits are attached to a reply");
  Reply reply{.figure = figure, .text = text, .visits = std::move(visits)};
  std::sort(reply.figure.where.begin(), reply.figure.where.end());
  std::sort(reply.visits.begin(), reply.visits.end());
  if (std::adjacent_find(reply.visits.begin(), reply.visits.end()) != reply.visits.end())
    return invalid("VISIT_TWICE", "a visit is attached once");
  return add(database, std::move(reply), act);
}

Result<Reply> withdrawReply(sql::Database& database, ContractId contract, ProviderId provider,
                            std::uint32_t number, const std::string& text,
                            event_log::OfficeAct& act) {
  DOORSTEP_TRY(checkText(text));
  DOORSTEP_ASSIGN(auto rows, database.prepare(std::string(kSelect) +
                                              "WHERE r.contract_id = ? AND r.provider_id = ? AND "
                                              "r.reply_number = ?"));
  rows.bindId(0, contract.value).bindId(1, provider.value).bind(2, number);
  std::optional<Reply> before;
  DOORSTEP_TRY(readAll(database, rows, [&](Reply reply) -> Status {
    before = std::move(reply);
    return kDone;
  }));
  if (!before)
    return Error{ErrorCode::NotFound, "REPLY_UNKNOWN", "the provider has no such reply"};
  if (before->withdraws != 0)
    return Error{ErrorCode::FailedPrecondition, "REPLY_IS_WITHDRAWAL",
                 "a withdrawal stays: reply anew"};
  if (before->withdrawnBy != 0)
    return Error{ErrorCode::FailedPrecondition, "REPLY_WITHDRAWN",
                 "the reply was withdrawn already"};
  return add(database, {.figure = before->figure, .text = text, .withdraws = number}, act);
}

}  // namespace doorstep::replies
