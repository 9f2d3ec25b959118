// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "shared/sql/engine.h"
#include "sync-server/storage/postgres/database_address.h"
#include "sync-server/storage/postgres/postgres.h"
#include "sync-server/storage/postgres/rows.h"

namespace doorstep::postgres {

struct ClearAnswer {
  void operator()(PGresult* answer) const { PQclear(answer); }
};
using Answer = std::unique_ptr<PGresult, ClearAnswer>;

// A statement's text with its parameter types, as prepared on the server.
struct Prepared {
  std::string text;
  std::vector<Oid> types;
  // New for each prepare: an earlier statement may still exist on the server.
  std::string name;
  bool made = false;  // prepared, or the request is sent
};

// Parameter values of a statement, in binary format.
struct Values {
  std::vector<const char*> bytes;  // null: NULL
  std::vector<int> lengths;
};

// A connection in libpq's pipeline mode: statements that need no result are sent and their results
// read later, with the next result that is needed, so a commit of a hundred writes costs two round
// trips. Thread: one at a time.
class Connection {
 public:
  static Result<std::unique_ptr<Connection>> open(const std::string& where,
                                                  const PostgresOptions& options);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  std::shared_ptr<Prepared> prepared(const std::string& text, const std::vector<Oid>& types);
  // Sends the statement. Its error may be reported by a later call.
  Status queue(const std::shared_ptr<Prepared>& statement, const Values& values);
  // Sends the statement and reads all results up to its own. Returns the first error of any of
  // them.
  Result<Rows> ask(const std::shared_ptr<Prepared>& statement, const Values& values);
  // Any number of statements without parameters. Inside a transaction, as in a migration, without
  // time limit.
  Status execute(const std::string& text);

  bool inTransaction() const { return inTransaction_; }
  // Sent together with the first statement.
  Status begin(const char* text);
  // Ok: durable, also on a synchronous standby. Unavailable: outcome unknown. Any other error:
  // nothing is stored.
  Status commit();
  void rollback();

  sql::Stopping& stopping() { return stopping_; }

 private:
  enum class Waiting {
    MayBeStopped,  // for a statement; stopWhen() cancels it
    ForSchema,     // for a migration, which may take as long as the tables need
    BeforeCommit,  // for writes sent with a COMMIT, which a cancel could hit
    ForCommit,     // for COMMIT or ROLLBACK itself, including a standby's answer
  };
  // Sent; the result is not read yet.
  struct Sent {
    std::shared_ptr<Prepared> prepares;  // null: not a prepare
    bool sync = false;                   // a Sync message
  };

  Connection(std::string where, const PostgresOptions& options)
      : where_(std::move(where)), options_(options) {}
  Status connect();
  Status configure();
  Status checkServer();

  // Reconnects if the connection is lost, unless in a transaction, which is lost with it.
  Status needConnection();
  bool endedUnasked();
  Status enterPipeline();
  Status queueText(const char* text);
  Status sent(bool sent, std::shared_ptr<Prepared> prepares);
  Status sync();
  void forgetPrepared();
  // Reads all outstanding results. rows: of the last statement; null: discarded.
  Result<Answer> finish(Waiting waiting, Rows* rows = nullptr);
  Status readAnswer(Waiting waiting, const Sent& what, Rows* rows, Answer& last);
  Status readSync(Waiting waiting);
  Result<Answer> next(Waiting waiting);
  int silenceMsMax(Waiting waiting) const;
  Status await(Waiting waiting);
  void cancel();
  Error lost(const std::string& text);
  Error failed(const PGresult* answer);
  static void onNotice(void* self, const PGresult* notice);

  OpenConnection connection_;  // null: lost
  const std::string where_;
  const PostgresOptions options_;
  sql::Stopping stopping_;
  std::unordered_map<std::string, std::shared_ptr<Prepared>> prepared_;
  std::uint64_t names_ = 0;
  std::deque<Sent> queued_;
  std::size_t queuedBytes_ = 0;
  std::size_t unsyncedBytes_ = 0;
  bool inTransaction_ = false;
  bool warned_ = false;     // since last checked
  Status failure_ = kDone;  // the transaction's first error
};

}  // namespace doorstep::postgres
