// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/clock.h"
#include "shared/core/id_source.h"
#include "shared/crypto/sealing.h"
#include "shared/sql/database.h"
#include "sync-server/identity/caller.h"
#include "sync-server/identity/limits.h"

namespace doorstep::identity {

// Accounts of people who sign in, made by the command `account`. A password is stored as its scrypt
// with a random salt. Thread: the connection's; hashing on any thread, slow on purpose.

struct PasswordKey {
  std::string salt;  // 16 bytes
  std::string key;   // 32 bytes
  int scryptLogN = kPasswordScryptLogN;
};
// Hashes the password's Unicode normal form C, so that keyboards with different encodings of a
// letter agree. Errors: INVALID_ARGUMENT (PASSWORD_LENGTH, PASSWORD_BLANK, PASSWORD_NOT_TEXT).
Result<PasswordKey> hashPassword(std::string_view password, IdSource& ids,
                                 crypto::ScryptCost cost = {kPasswordScryptLogN});
// False also for an invalid key.
bool passwordMatches(std::string_view password, const PasswordKey& key);

// A login for display: as typed, without surrounding blanks.
std::string normalLogin(std::string_view login);
// A login for look-up: in lower case.
std::string loginKey(std::string_view login);

struct Account {
  AccountId id;
  std::string login;
  std::string displayName;
  Role role = Role::Council;
  ProviderId provider;  // of a supervisor, otherwise absent
  CouncilId council;    // of a council officer, otherwise absent
  bool disabled = false;
};

// Assigns the account's id. Errors: INVALID_ARGUMENT (LOGIN_INVALID, NAME_INVALID, ROLE_INVALID:
// only a supervisor has a provider, only a council officer a council), ALREADY_EXISTS
// (LOGIN_TAKEN).
Result<AccountId> addAccount(sql::Database& database, Account account, const PasswordKey& password,
                             const Clock& clock, IdSource& ids);
// The same password with a new hash: sessions continue.
Status replacePasswordKey(sql::Database& database, AccountId account, const PasswordKey& password);
// Both end the account's sessions and forget its browsers.
Status setPassword(sql::Database& database, AccountId account, const PasswordKey& password);
Status setDisabled(sql::Database& database, AccountId account, bool disabled);

// All accounts, ordered by login.
Result<std::vector<Account>> accounts(sql::Database& database);

// Display name; empty for an unknown account.
Result<std::string> accountName(sql::Database& database, AccountId account);
// Display names by account, to show who made a decision.
Result<std::map<AccountId, std::string>> accountNames(sql::Database& database);

struct AccountWithPassword {
  Account account;
  PasswordKey password;
};
// Case-insensitive.
Result<std::optional<AccountWithPassword>> accountByLogin(sql::Database& database,
                                                          std::string_view login);

}  // namespace doorstep::identity
