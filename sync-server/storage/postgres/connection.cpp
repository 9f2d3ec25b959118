// SPDX-License-Identifier: Apache-2.0
#include "sync-server/storage/postgres/connection.h"

#include <fmt/format.h>
#include <poll.h>

#include <array>
#include <string_view>
#include <utility>

#include "sync-server/storage/postgres/limits.h"
#include "sync-server/storage/postgres/postgres_errors.h"

namespace doorstep::postgres {
namespace {

constexpr int kBinary = 1;

bool isGood(const PGresult* answer) {
  const ExecStatusType status = PQresultStatus(answer);
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_SINGLE_TUPLE ||
         status == PGRES_EMPTY_QUERY;
}

Error unsuitable(const std::string& text) {
  return {ErrorCode::FailedPrecondition, "PG_UNSUITABLE", text};
}

}  // namespace

Result<std::unique_ptr<Connection>> Connection::open(const std::string& where,
                                                     const PostgresOptions& options) {
  std::unique_ptr<Connection> connection(new Connection(where, options));
  DOORSTEP_TRY(connection->connect());
  return connection;
}

Status Connection::connect() {
  DOORSTEP_ASSIGN(connection_, connectTo(where_));
  warned_ = false;
  PQsetNoticeReceiver(connection_.get(), &Connection::onNotice, this);
  if (PQsetnonblocking(connection_.get(), 1) != 0)
    return lost("the connection cannot be used");
  Status fit = configure();
  if (fit.ok())
    fit = checkServer();
  if (!fit.ok())
    static_cast<void>(lost(fit.error().text));
  return fit;
}

Status Connection::configure() {
  return execute(
      fmt::format("SET client_min_messages = warning; SET standard_conforming_strings = on; "
                  "SET lock_timeout = {}; SET statement_timeout = {}; "
                  "SET idle_in_transaction_session_timeout = {}; "
                  "SET client_connection_check_interval = {}; "
                  "SET default_transaction_read_only = {}",
                  options_.lockWaitMs, options_.answerWaitMs, kIdleInTransactionMs,
                  kClientLookEveryMs, options_.readOnly ? "on" : "off"));
}

Status Connection::checkServer() {
  if (PQserverVersion(connection_.get()) < kServerVersionMin)
    return unsuitable("PostgreSQL 15 or later is needed");
  const auto question = prepared(
      "SELECT pg_encoding_to_char(encoding), datcollate, datlocprovider = 'c' AND datcollate IN "
      "('C', 'POSIX', 'C.UTF-8', 'C.utf8'), current_setting('synchronous_commit'), "
      "pg_is_in_recovery() FROM pg_database WHERE datname = current_database()",
      {});
  DOORSTEP_ASSIGN(const Rows row, ask(question, {}));
  if (row.count() != 1)
    return unsuitable("the database does not say what it is");
  const auto isTrue = [&](std::size_t column) { return row.bytes(0, column) != std::string(1, 0); };
  if (row.bytes(0, 0) != "UTF8" || !isTrue(2))
    return unsuitable(
        fmt::format("the database is {} and ordered as {}: make one with ENCODING "
                    "'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0",
                    row.bytes(0, 0), row.bytes(0, 1)));
  const std::string_view synchronous = row.bytes(0, 3);
  if (synchronous == "off" || synchronous == "local")
    return unsuitable(
        fmt::format("synchronous_commit is {}: commits could be lost; set it to on", synchronous));
  if (isTrue(4) && !options_.readOnly)
    return Error{ErrorCode::Unavailable, "PG_READ_ONLY",
                 "the database server is a standby: name the one that writes"};
  return kDone;
}

std::shared_ptr<Prepared> Connection::prepared(const std::string& text,
                                               const std::vector<Oid>& types) {
  std::string key = text;
  for (const Oid type : types)
    key += '\0' + std::to_string(type);
  if (const auto known = prepared_.find(key); known != prepared_.end())
    return known->second;
  if (prepared_.size() >= kPreparedMax)
    forgetPrepared();
  auto statement = std::make_shared<Prepared>(Prepared{.text = text, .types = types, .name = {}});
  prepared_.emplace(std::move(key), statement);
  return statement;
}

void Connection::forgetPrepared() {
  for (const auto& [key, statement] : prepared_)
    statement->made = false;
  prepared_.clear();
  static_cast<void>(queueText("DEALLOCATE ALL"));  // a failure here fails the next statement too
}

Status Connection::needConnection() {
  if (connection_ && (inTransaction_ || !queued_.empty() || !endedUnasked()))
    return kDone;
  if (inTransaction_)
    return connectionLost("the connection to the database was lost");
  return connect();
}

// A restarted server has closed the connections that were idle.
bool Connection::endedUnasked() {
  for (int reads = 0; reads < kUnaskedReadsMax; ++reads) {
    pollfd socket{PQsocket(connection_.get()), POLLIN, 0};
    if (::poll(&socket, 1, 0) <= 0)
      break;
    if (PQconsumeInput(connection_.get()) == 0 || PQstatus(connection_.get()) != CONNECTION_OK) {
      static_cast<void>(lost("ended"));
      return true;
    }
  }
  warned_ = false;  // only a notice about the server
  return false;
}

Status Connection::enterPipeline() {
  DOORSTEP_TRY(needConnection());
  if (PQpipelineStatus(connection_.get()) == PQ_PIPELINE_OFF &&
      PQenterPipelineMode(connection_.get()) == 0)
    return lost("the connection to the database is out of step");
  return kDone;
}

Status Connection::sent(bool sent, std::shared_ptr<Prepared> prepares) {
  if (!sent)
    return lost("the connection to the database broke");
  queued_.push_back({std::move(prepares)});
  return kDone;
}

Status Connection::sync() {
  if (!connection_ || PQpipelineSync(connection_.get()) == 0)
    return lost("the connection to the database broke");
  queued_.push_back({.prepares = nullptr, .sync = true});
  unsyncedBytes_ = 0;
  return kDone;
}

Status Connection::queueText(const char* text) {
  DOORSTEP_TRY(enterPipeline());
  return sent(PQsendQueryParams(connection_.get(), text, 0, nullptr, nullptr, nullptr, nullptr,
                                kBinary) == 1,
              nullptr);
}

Status Connection::queue(const std::shared_ptr<Prepared>& statement, const Values& values) {
  if (queued_.size() >= kQueuedMax || queuedBytes_ >= kQueuedBytesMax)
    DOORSTEP_TRY(finish(Waiting::MayBeStopped));
  DOORSTEP_TRY(enterPipeline());
  if (!statement->made) {
    statement->name = "d" + std::to_string(++names_);
    DOORSTEP_TRY(
        sent(PQsendPrepare(connection_.get(), statement->name.c_str(), statement->text.c_str(),
                           static_cast<int>(statement->types.size()), statement->types.data()) == 1,
             statement));
    statement->made = true;
  }
  const std::vector<int> formats(values.bytes.size(), kBinary);
  DOORSTEP_TRY(sent(PQsendQueryPrepared(connection_.get(), statement->name.c_str(),
                                        static_cast<int>(values.bytes.size()), values.bytes.data(),
                                        values.lengths.data(), formats.data(), kBinary) == 1,
                    nullptr));
  std::size_t bytes = statement->text.size();
  for (const int length : values.lengths)
    bytes += static_cast<std::size_t>(length);
  queuedBytes_ += bytes;
  unsyncedBytes_ += bytes;
  return unsyncedBytes_ < kUnsyncedBytesMax ? kDone : sync();
}

Result<Rows> Connection::ask(const std::shared_ptr<Prepared>& statement, const Values& values) {
  if (!stopping_.stopped().ok())
    return stopping_.stopped().error();
  DOORSTEP_TRY(queue(statement, values));
  Rows rows(options_.resultBytesMax);
  DOORSTEP_TRY(finish(Waiting::MayBeStopped, &rows));
  return rows;
}

Status Connection::execute(const std::string& text) {
  DOORSTEP_TRY(needConnection());
  DOORSTEP_TRY(finish(Waiting::MayBeStopped));
  if (PQexitPipelineMode(connection_.get()) == 0)
    return lost("the connection to the database is out of step");
  const std::string unhurried = inTransaction_ ? "SET LOCAL statement_timeout = 0; " : "";
  if (PQsendQuery(connection_.get(), (unhurried + text).c_str()) == 0)
    return lost("the connection to the database broke");
  const Waiting waiting = inTransaction_ ? Waiting::ForSchema : Waiting::MayBeStopped;
  Status done = kDone;
  while (true) {
    DOORSTEP_ASSIGN(const Answer answer, next(waiting));
    if (!answer)
      break;
    if (!isGood(answer.get()) && done.ok())
      done = failed(answer.get());
  }
  if (done.ok() && std::exchange(warned_, false) && !inTransaction_)
    return Error{ErrorCode::Unavailable, "NOT_REPLICATED", "a commit came back with a warning"};
  return done;
}

Status Connection::begin(const char* text) {
  DOORSTEP_CHECK(!inTransaction_);
  DOORSTEP_TRY(queueText(text));
  inTransaction_ = true;
  warned_ = false;
  failure_ = kDone;
  return kDone;
}

// Only the answer "COMMIT" means a commit: in a failed transaction the same command succeeds with
// ROLLBACK, and if its wait for a standby was cancelled it answers COMMIT with a warning, although
// the standby may not have it.
Status Connection::commit() {
  DOORSTEP_TRY(enterPipeline());
  // Requests the answers of the writes before COMMIT runs, so that their time does not count as its
  // silence.
  if (!queued_.empty() && PQsendFlushRequest(connection_.get()) == 0)
    return lost("the connection to the database broke");
  DOORSTEP_TRY(queueText("COMMIT"));
  warned_ = false;
  const auto answer = finish(Waiting::ForCommit);
  if (!answer.ok()) {
    rollback();
    return answer.error();
  }
  inTransaction_ = false;
  if (std::string_view(PQcmdStatus(answer->get())) != "COMMIT")
    return failure_.ok() ? Error{ErrorCode::Internal, "PG_ROLLED_BACK", "nothing was committed"}
                         : failure_.error();
  if (warned_)
    return Error{ErrorCode::Unavailable, "NOT_REPLICATED", "the commit came back with a warning"};
  return kDone;
}

void Connection::rollback() {
  if (!inTransaction_)
    return;
  // Queued statements and their errors are obsolete.
  if (!queued_.empty())
    static_cast<void>(finish(Waiting::ForCommit));
  // A failed COMMIT has ended the transaction already.
  if (connection_ && PQtransactionStatus(connection_.get()) != PQTRANS_IDLE &&
      queueText("ROLLBACK").ok())
    static_cast<void>(finish(Waiting::ForCommit));
  inTransaction_ = false;
  warned_ = false;
  failure_ = kDone;
}

Result<Answer> Connection::finish(Waiting waiting, Rows* rows) {
  Answer last;
  if (queued_.empty()) {
    if (!connection_)
      return connectionLost("the connection to the database was lost");
    return last;
  }
  if (!queued_.back().sync)
    DOORSTEP_TRY(sync());
  Status first = kDone;
  while (!queued_.empty()) {
    const Sent what = std::move(queued_.front());
    queued_.pop_front();
    // The last statement is followed by its Sync.
    const bool isLast = queued_.size() <= 1;
    const Waiting now = waiting == Waiting::ForCommit && !isLast ? Waiting::BeforeCommit : waiting;
    Status read = what.sync ? readSync(now) : readAnswer(now, what, isLast ? rows : nullptr, last);
    if (!read.ok() && first.ok())
      first = std::move(read);
    if (!connection_)
      return first.error();
  }
  queuedBytes_ = 0;
  if (!first.ok())
    return first.error();
  if (!inTransaction_ && std::exchange(warned_, false))
    return Error{ErrorCode::Unavailable, "NOT_REPLICATED", "a commit came back with a warning"};
  return last;
}

Status Connection::readSync(Waiting waiting) {
  DOORSTEP_ASSIGN(const Answer answer, next(waiting));
  if (!answer || PQresultStatus(answer.get()) != PGRES_PIPELINE_SYNC)
    return lost("the connection to the database is out of step");
  return kDone;
}

// Reads one answer row by row, up to the final null.
Status Connection::readAnswer(Waiting waiting, const Sent& what, Rows* rows, Answer& last) {
  // Fails harmlessly where no rows are expected.
  static_cast<void>(PQsetSingleRowMode(connection_.get()));
  Status status = kDone;
  while (true) {
    DOORSTEP_ASSIGN(Answer answer, next(waiting));
    if (!answer)
      return status;
    if (!isGood(answer.get())) {
      if (what.prepares)
        what.prepares->made = false;
      // After an error the server skips the statements sent after it.
      if (PQresultStatus(answer.get()) != PGRES_PIPELINE_ABORTED && status.ok())
        status = failed(answer.get());
    } else if (rows != nullptr && status.ok()) {
      status = rows->add(answer.get());
      if (!status.ok()) {  // the rest is discarded
        if (failure_.ok())
          failure_ = status;
        cancel();
      }
    }
    last = std::move(answer);
  }
}

Result<Answer> Connection::next(Waiting waiting) {
  DOORSTEP_TRY(await(waiting));
  return Answer(PQgetResult(connection_.get()));
}

int Connection::silenceMsMax(Waiting waiting) const {
  switch (waiting) {
    case Waiting::ForSchema:
      return kSchemaWaitMs;
    case Waiting::ForCommit:
      return options_.commitWaitMs;
    case Waiting::MayBeStopped:
    case Waiting::BeforeCommit:
      break;
  }
  // The server's own timeout comes first, with a reason.
  return options_.answerWaitMs + kCancelWaitMs;
}

// Waits until libpq has an answer. Measures the server's silence, not its work: while bytes arrive
// it is working.
Status Connection::await(Waiting waiting) {
  int silentMsMax = silenceMsMax(waiting);
  bool asks = waiting == Waiting::MayBeStopped && stopping_.isSet();
  for (int silentMs = 0; connection_;) {
    const int unsent = PQflush(connection_.get());
    if (unsent < 0)
      return lost("the connection to the database broke");
    if (PQisBusy(connection_.get()) == 0)
      return kDone;
    if (silentMs >= silentMsMax)
      return lost("the database does not answer");
    pollfd socket{PQsocket(connection_.get()),
                  static_cast<short>(POLLIN | (unsent == 1 ? POLLOUT : 0)), 0};
    const int ready = ::poll(&socket, 1, kQuestionEveryMs);
    silentMs = ready > 0 ? 0 : silentMs + kQuestionEveryMs;
    if (asks && !stopping_.ask()) {
      asks = false;
      silentMsMax = kCancelWaitMs;
      cancel();
    }
    if (ready > 0 && PQconsumeInput(connection_.get()) == 0)
      return lost("the connection to the database broke");
  }
  return connectionLost("the connection to the database was lost");
}

void Connection::cancel() {
  PGcancel* cancelling = PQgetCancel(connection_.get());
  std::array<char, 256> why{};
  static_cast<void>(PQcancel(cancelling, why.data(), static_cast<int>(why.size())));
  PQfreeCancel(cancelling);
}

Error Connection::lost(const std::string& text) {
  connection_.reset();
  queued_.clear();
  queuedBytes_ = 0;
  unsyncedBytes_ = 0;
  for (const auto& [key, statement] : prepared_)
    statement->made = false;
  return connectionLost(text);
}

Error Connection::failed(const PGresult* answer) {
  Error error = errorOf(answer);
  if (isStalePlan(answer))
    for (const auto& [key, statement] : prepared_)
      statement->made = false;
  if (!stopping_.stopped().ok() && error.reason == "PG_TIMEOUT")
    error = stopping_.stopped().error();
  // A read-only connection of ours reports it itself; otherwise the server has become a standby,
  // and the connection must be replaced.
  if (error.reason == "PG_READ_ONLY") {
    if (options_.readOnly)
      error.code = ErrorCode::PermissionDenied;
    else
      error = lost("the server only reads now");
  } else if (error.reason == kConnectionLost) {
    error = lost(error.text);
  }
  if (failure_.ok())
    failure_ = error;
  return error;
}

void Connection::onNotice(void* self, const PGresult*) {
  static_cast<Connection*>(self)->warned_ = true;
}

}  // namespace doorstep::postgres
