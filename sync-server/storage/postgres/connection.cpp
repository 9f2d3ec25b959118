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
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
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
  const std::string wait = std::to_string(kConnectWaitS);
  // What `where` says comes before what stands in front of it.
  const std::array<const char*, 5> keys{"connect_timeout", "fallback_application_name", "dbname",
                                        "client_encoding", nullptr};
  const std::array<const char*, 5> values{wait.c_str(), "doorstep-server", where_.c_str(), "UTF8",
                                          nullptr};
  connection_.reset(PQconnectdbParams(keys.data(), values.data(), 1));
  if (!connection_)
    return Error{ErrorCode::ResourceExhausted, "PG_FULL", "no memory for a connection"};
  if (PQstatus(connection_.get()) != CONNECTION_OK)
    return lost("the database cannot be reached");
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
      fmt::format("SET client_min_messages = warning; SET lock_timeout = {}; "
                  "SET statement_timeout = {}; SET idle_in_transaction_session_timeout = {}; "
                  "SET default_transaction_read_only = {}",
                  options_.lockWaitMs, options_.answerWaitMs, kIdleInTransactionMs,
                  options_.readOnly ? "on" : "off"));
}

Status Connection::checkServer() {
  if (PQserverVersion(connection_.get()) < kServerVersionMin)
    return unsuitable("PostgreSQL 15 or later is needed");
  const auto question = prepared(
      "SELECT pg_encoding_to_char(encoding), datlocprovider = 'c' AND datcollate IN "
      "('C', 'POSIX', 'C.UTF-8', 'C.utf8'), current_setting('synchronous_commit') "
      "FROM pg_database WHERE datname = current_database()",
      {});
  DOORSTEP_ASSIGN(const Answer answer, ask(question, {}));
  if (PQntuples(answer.get()) != 1)
    return unsuitable("the database does not say what it is");
  const auto text = [&](int column) {
    return std::string_view(PQgetvalue(answer.get(), 0, column),
                            static_cast<std::size_t>(PQgetlength(answer.get(), 0, column)));
  };
  if (text(0) != "UTF8" || PQgetvalue(answer.get(), 0, 1)[0] == 0)
    return unsuitable("make the database with ENCODING 'UTF8' LOCALE 'C.UTF-8'");
  if (text(2) == "off" || text(2) == "local")
    return unsuitable("synchronous_commit is off: commits could be lost");
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
  auto statement = std::make_shared<Prepared>(
      Prepared{.text = text, .types = types, .name = "d" + std::to_string(++names_)});
  prepared_.emplace(std::move(key), statement);
  return statement;
}

void Connection::forgetPrepared() {
  for (const auto& [key, statement] : prepared_)
    statement->made = false;
  prepared_.clear();
  static_cast<void>(queueText("DEALLOCATE ALL"));  // what fails here fails the next statement too
}

Status Connection::needConnection() {
  if (connection_)
    return kDone;
  if (inTransaction_)
    return connectionLost("the connection to the database was lost");
  return connect();
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
  queued_.push_back(std::move(prepares));
  return kDone;
}

Status Connection::queueText(const char* text) {
  DOORSTEP_TRY(enterPipeline());
  return sent(PQsendQueryParams(connection_.get(), text, 0, nullptr, nullptr, nullptr, nullptr,
                                kBinary) == 1,
              nullptr);
}

Status Connection::queue(const std::shared_ptr<Prepared>& statement, const Values& values) {
  if (queued_.size() >= kQueuedMax)
    DOORSTEP_TRY(finish(Waiting::MayBeStopped));
  DOORSTEP_TRY(enterPipeline());
  if (!statement->made) {
    DOORSTEP_TRY(
        sent(PQsendPrepare(connection_.get(), statement->name.c_str(), statement->text.c_str(),
                           static_cast<int>(statement->types.size()), statement->types.data()) == 1,
             statement));
    statement->made = true;
  }
  const std::vector<int> formats(values.bytes.size(), kBinary);
  return sent(PQsendQueryPrepared(connection_.get(), statement->name.c_str(),
                                  static_cast<int>(values.bytes.size()), values.bytes.data(),
                                  values.lengths.data(), formats.data(), kBinary) == 1,
              nullptr);
}

Result<Answer> Connection::ask(const std::shared_ptr<Prepared>& statement, const Values& values) {
  DOORSTEP_TRY(queue(statement, values));
  return finish(Waiting::MayBeStopped);
}

Status Connection::execute(const std::string& text) {
  DOORSTEP_TRY(needConnection());
  DOORSTEP_TRY(finish(Waiting::MayBeStopped));
  if (PQexitPipelineMode(connection_.get()) == 0)
    return lost("the connection to the database is out of step");
  if (PQsendQuery(connection_.get(), text.c_str()) == 0)
    return lost("the connection to the database broke");
  Status done = kDone;
  while (true) {
    DOORSTEP_ASSIGN(const Answer answer, next(Waiting::MayBeStopped));
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
  failure_ = kDone;
  return kDone;
}

// COMMIT is the answer of a commit and of nothing else: in a transaction that failed the same
// command succeeds and says ROLLBACK, and one whose wait for a standby was cancelled says COMMIT
// with a warning, though the standby may not have it.
Status Connection::commit() {
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
  // What is queued is of no use any more, nor is its error.
  if (!queued_.empty())
    static_cast<void>(finish(Waiting::ForCommit));
  if (connection_ && queueText("ROLLBACK").ok())
    static_cast<void>(finish(Waiting::ForCommit));
  inTransaction_ = false;
  failure_ = kDone;
}

Result<Answer> Connection::finish(Waiting waiting) {
  Answer last;
  if (queued_.empty()) {
    if (!connection_)
      return connectionLost("the connection to the database was lost");
    return last;
  }
  if (!connection_ || PQpipelineSync(connection_.get()) == 0)
    return lost("the connection to the database broke");
  Status first = kDone;
  while (!queued_.empty()) {
    const auto prepares = std::move(queued_.front());
    queued_.pop_front();
    if (Status read = readAnswer(waiting, prepares, last); !read.ok() && first.ok())
      first = std::move(read);
    if (!connection_)
      return first.error();
  }
  DOORSTEP_ASSIGN(const Answer sync, next(waiting));
  if (!sync || PQresultStatus(sync.get()) != PGRES_PIPELINE_SYNC)
    return lost("the connection to the database is out of step");
  if (!first.ok())
    return first.error();
  if (!inTransaction_ && std::exchange(warned_, false))
    return Error{ErrorCode::Unavailable, "NOT_REPLICATED", "a commit came back with a warning"};
  return last;
}

// One answer and the end of it, which is null.
Status Connection::readAnswer(Waiting waiting, const std::shared_ptr<Prepared>& prepares,
                              Answer& last) {
  Status status = kDone;
  while (true) {
    DOORSTEP_ASSIGN(Answer answer, next(waiting));
    if (!answer)
      return status;
    if (!isGood(answer.get())) {
      if (prepares)
        prepares->made = false;
      // After an error the server passes over what was sent behind it.
      if (PQresultStatus(answer.get()) != PGRES_PIPELINE_ABORTED && status.ok())
        status = failed(answer.get());
    }
    last = std::move(answer);
  }
}

Result<Answer> Connection::next(Waiting waiting) {
  DOORSTEP_TRY(await(waiting));
  return Answer(PQgetResult(connection_.get()));
}

// Until libpq has an answer. The server's silence is measured, not its work: as long as bytes come
// it is at work.
Status Connection::await(Waiting waiting) {
  const int silenceMsMax =
      waiting == Waiting::ForCommit ? options_.commitWaitMs : options_.answerWaitMs;
  bool asks = waiting == Waiting::MayBeStopped && stopping_.isSet();
  for (int silentMs = 0; connection_;) {
    const int unsent = PQflush(connection_.get());
    if (unsent < 0)
      return lost("the connection to the database broke");
    if (PQisBusy(connection_.get()) == 0)
      return kDone;
    if (silentMs >= silenceMsMax)
      return lost("the database does not answer");
    pollfd socket{PQsocket(connection_.get()),
                  static_cast<short>(POLLIN | (unsent == 1 ? POLLOUT : 0)), 0};
    const int ready = ::poll(&socket, 1, kQuestionEveryMs);
    silentMs = ready > 0 ? 0 : silentMs + kQuestionEveryMs;
    if (asks && !stopping_.ask()) {
      asks = false;
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
  for (const auto& [key, statement] : prepared_)
    statement->made = false;
  return connectionLost(text);
}

Error Connection::failed(const PGresult* answer) {
  Error error = errorOf(answer);
  if (!stopping_.stopped().ok() && error.reason == "PG_TIMEOUT")
    error = stopping_.stopped().error();
  // A connection of our own that only reads says so by itself; else the server has become a
  // standby, and the connection would stay with it.
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
