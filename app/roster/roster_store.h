// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "doorstep/roster/v1/roster.pb.h"
#include "shared/core/id_source.h"
#include "shared/core/strong_id.h"
#include "shared/crypto/sealing.h"
#include "shared/sql/sqlite.h"
#include "shared/visits/plan.h"
#include "shared/wire/plan_codec.h"

namespace doorstep::roster {

// The phone's copy of the part of the plan that its carer needs. A cache: it can be deleted and
// fetched again, so it has its own file, apart from the journal. Objects are stored sealed and as
// the bytes received, which the scope hash covers. An object of an unknown kind, or one that cannot
// be decoded, is kept, counted and removed like any other but not shown, so that a newer server
// does not make this phone fetch everything repeatedly.
//
// Pages of changes are applied in order of arrival, each in one transaction with its cursor. A full
// copy (cursor 0 or reset) is collected beside the old one and replaces it with its last page, so
// that a carer always has a round while the network is slow.
//
// Crash: as after the last applied page. Thread: the journal's worker.
class RosterStore {
 public:
  // An unreadable file is deleted and recreated with cursor 0, which loses nothing. If that
  // fails too (a full or read-only disk) the plan is kept in memory with the readable part of the
  // file: no fault of this file prevents a phone from opening.
  static Result<std::unique_ptr<RosterStore>> open(const std::string& path,
                                                   const crypto::SecretKey& key, IdSource& ids,
                                                   sql::SqliteOptions file = {});
  ~RosterStore();

  enum class Applied {
    More,           // another page follows
    Whole,          // complete, and the scope hash matches the server's
    ScopeMismatch,  // complete, but the hash differs: the cursor is now 0
  };
  // requestCursor: the cursor in the request. Errors: PLAN_MALFORMED (nothing is applied), storage.
  Result<Applied> apply(const doorstep::roster::v1::PlanChanges& changes,
                        std::uint64_t requestCursor);

  std::uint64_t cursor() const { return cursor_; }
  std::uint64_t planVersion() const { return planVersion_; }
  const std::map<PersonId, visits::Person>& people() const { return people_; }
  const std::map<VisitId, visits::PlannedVisit>& visits() const { return visits_; }
  const visits::Person* person(PersonId id) const;
  const visits::PlannedVisit* visit(VisitId id) const;
  // Bytes of the visit and its person as received; the person is empty when unknown. nullopt: the
  // plan does not contain the visit.
  struct Encoded {
    std::string visit;
    std::string person;
  };
  std::optional<Encoded> encoded(VisitId id) const;
  // The same, also of a visit that left the plan since the store was opened: a screen may still
  // show it when its carer taps. Holds the last kLeftObjectsMax objects or fewer.
  std::optional<Encoded> lastEncoded(VisitId id) const;
  static constexpr std::size_t kLeftObjectsMax = 1'000;  // a scope has some 200 visits

 private:
  struct Statements;
  struct ObjectKey {
    std::uint32_t kind;
    std::uint64_t id;
    auto operator<=>(const ObjectKey&) const = default;
  };
  RosterStore(sql::Database database, const crypto::SecretKey& key, IdSource& ids);

  static Result<std::unique_ptr<RosterStore>> openFile(const std::string& path,
                                                       const crypto::SecretKey& key, IdSource& ids,
                                                       const sql::SqliteOptions& file);
  void copyFrom(const std::string& path, sql::SqliteOptions file);
  void forget();
  Status prepare();
  Status load();
  void show(const ObjectKey& key, const std::string& bytes);
  void hide(const ObjectKey& key);
  void leave(const ObjectKey& key);
  Status applyChange(const doorstep::roster::v1::PlanChange& change);
  Status keep(const ObjectKey& key, const std::string& bytes);
  Status remove(const ObjectKey& key);
  Status dropOldCopy();
  Status writeState();

  sql::Database database_;
  const crypto::SecretKey key_;
  IdSource& ids_;
  std::unique_ptr<Statements> statements_;
  // Bytes of every object, as received. people_ and visits_ hold those that this release can
  // decode.
  std::map<ObjectKey, std::string> objects_;
  std::map<PersonId, visits::Person> people_;
  std::map<VisitId, visits::PlannedVisit> visits_;
  std::map<ObjectKey, std::string> left_;  // objects that were removed, as last received
  std::uint64_t cursor_ = 0;
  std::uint64_t planVersion_ = 0;
  // Objects with an older copy number are dropped when the incoming copy is complete.
  std::uint64_t copy_ = 0;
};

}  // namespace doorstep::roster
