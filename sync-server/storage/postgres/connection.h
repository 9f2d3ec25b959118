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

// A text with the types of its parameters, as the server knows it.
struct Prepared {
  std::string text;
  std::vector<Oid> types;
  // New each time it is prepared: nobody knows whether an earlier one of the server is gone.
  std::string name;
  bool made = false;  // by the server, or on its way there
};

// The values of a statement's parameters, in binary.
struct Values {
  std::vector<const char*> bytes;  // null: NULL
  std::vector<int> lengths;
};

// libpq's pipeline: what needs no answer is sent and read later, with the next answer that is
// wanted, so a commit of a hundred writes costs two round trips. Thread: one at a time.
class Connection {
 public:
  static Result<std::unique_ptr<Connection>> open(const std::string& where,
                                                  const PostgresOptions& options);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  std::shared_ptr<Prepared> prepared(const std::string& text, const std::vector<Oid>& types);
  // Sends it. The error of this statement may come with a later answer.
  Status queue(const std::shared_ptr<Prepared>& statement, const Values& values);
  // Sends it, and reads everything up to its answer. The first error of all of them.
  Result<Rows> ask(const std::shared_ptr<Prepared>& statement, const Values& values);
  // Any number of statements without parameters. In a transaction, as of a migration, they may take
  // as long as they need.
  Status execute(const std::string& text);

  bool inTransaction() const { return inTransaction_; }
  // Goes with the first statement.
  Status begin(const char* text);
  // Ok: it is durable, on the standby too where there is one that is waited for. Unavailable:
  // nobody knows. Any other error: nothing of it is there.
  Status commit();
  void rollback();

  sql::Stopping& stopping() { return stopping_; }

 private:
  enum class Waiting {
    MayBeStopped,  // for a statement; stopWhen() ends it
    ForSchema,     // for a migration, which takes as long as the tables are large
    BeforeCommit,  // for the writes that were sent with a COMMIT; a cancel could reach that one
    ForCommit,     // for COMMIT or ROLLBACK itself, a standby's answer included
  };
  // Sent and not read yet.
  struct Sent {
    std::shared_ptr<Prepared> prepares;  // null: nothing
    bool sync = false;                   // the end of a part of the pipeline
  };

  Connection(std::string where, const PostgresOptions& options)
      : where_(std::move(where)), options_(options) {}
  Status connect();
  Status configure();
  Status checkServer();

  // What was lost is opened again, but for a transaction, which is lost with it.
  Status needConnection();
  bool endedUnasked();
  Status enterPipeline();
  Status queueText(const char* text);
  Status sent(bool sent, std::shared_ptr<Prepared> prepares);
  Status sync();
  void forgetPrepared();
  // Reads all that was sent. The rows are those of the last statement; null: nobody wants them.
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
  bool warned_ = false;     // since the last look
  Status failure_ = kDone;  // the first of the transaction
};

}  // namespace doorstep::postgres
