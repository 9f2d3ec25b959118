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
#include "sync-server/storage/postgres/postgres.h"

namespace doorstep::postgres {

struct ClearAnswer {
  void operator()(PGresult* answer) const { PQclear(answer); }
};
using Answer = std::unique_ptr<PGresult, ClearAnswer>;

// A text with the types of its parameters, as the server knows it.
struct Prepared {
  std::string text;
  std::vector<Oid> types;
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
  Result<Answer> ask(const std::shared_ptr<Prepared>& statement, const Values& values);
  // Any number of statements without parameters.
  Status execute(const std::string& text);

  bool inTransaction() const { return inTransaction_; }
  // Goes with the first statement.
  Status begin(const char* text);
  // Ok: it is durable, on the standby too where there is one that is waited for.
  Status commit();
  void rollback();

  sql::Stopping& stopping() { return stopping_; }

 private:
  enum class Waiting { MayBeStopped, ForCommit };

  Connection(std::string where, const PostgresOptions& options)
      : where_(std::move(where)), options_(options) {}
  Status connect();
  Status configure();
  Status checkServer();

  // What was lost is opened again, but for a transaction, which is lost with it.
  Status needConnection();
  Status enterPipeline();
  Status queueText(const char* text);
  Status sent(bool sent, std::shared_ptr<Prepared> prepares);
  void forgetPrepared();
  // Reads all that was sent.
  Result<Answer> finish(Waiting waiting);
  Status readAnswer(Waiting waiting, const std::shared_ptr<Prepared>& prepares, Answer& last);
  Result<Answer> next(Waiting waiting);
  Status await(Waiting waiting);
  void cancel();
  Error lost(const std::string& text);
  Error failed(const PGresult* answer);
  static void onNotice(void* self, const PGresult* notice);

  struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };
  std::unique_ptr<PGconn, Finish> connection_;  // null: lost
  const std::string where_;
  const PostgresOptions options_;
  sql::Stopping stopping_;
  std::unordered_map<std::string, std::shared_ptr<Prepared>> prepared_;
  std::uint64_t names_ = 0;
  // What was sent and not read yet, in order: what it prepares, or null.
  std::deque<std::shared_ptr<Prepared>> queued_;
  bool inTransaction_ = false;
  bool warned_ = false;     // since the last look
  Status failure_ = kDone;  // the first of the transaction
};

}  // namespace doorstep::postgres
