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

// People who sign in. A password is kept as scrypt of it with a salt of its own. Made by the
// command `account`. Thread: the connection's; hashing is for any thread and takes the time that it
// must.

struct PasswordKey {
  std::string salt;  // 16 bytes
  std::string key;   // 32 bytes
  int scryptLogN = kPasswordScryptLogN;
};
// Of the password's normal form C: the same letters count however a keyboard makes them. Errors:
// INVALID_ARGUMENT (PASSWORD_LENGTH, PASSWORD_BLANK, PASSWORD_NOT_TEXT).
Result<PasswordKey> hashPassword(std::string_view password, IdSource& ids,
                                 crypto::ScryptCost cost = {kPasswordScryptLogN});
// False too for a key that nobody's password can fit.
bool passwordMatches(std::string_view password, const PasswordKey& key);

// A login as it is shown: as it was typed, without blanks around it.
std::string normalLogin(std::string_view login);
// A login as it is looked up: in lower case.
std::string loginKey(std::string_view login);

struct Account {
  AccountId id;
  std::string login;
  std::string displayName;
  Role role = Role::Council;
  ProviderId provider;  // of a supervisor, none otherwise
  CouncilId council;    // of a council officer, none otherwise
  bool disabled = false;
};

// Gives the account its id. Errors: INVALID_ARGUMENT (LOGIN_INVALID, NAME_INVALID, ROLE_INVALID: a
// supervisor has a provider and nobody else, a council officer a council), ALREADY_EXISTS
// (LOGIN_TAKEN).
Result<AccountId> addAccount(sql::Database& database, Account account, const PasswordKey& password,
                             const Clock& clock, IdSource& ids);
// The same password, hashed anew: sessions go on.
Status replacePasswordKey(sql::Database& database, AccountId account, const PasswordKey& password);
// Both end the account's sessions and forget its browsers.
Status setPassword(sql::Database& database, AccountId account, const PasswordKey& password);
Status setDisabled(sql::Database& database, AccountId account, bool disabled);

// By login.
Result<std::vector<Account>> accounts(sql::Database& database);

// Display name; empty when there is no such account.
Result<std::string> accountName(sql::Database& database, AccountId account);
// Display names, for whoever shows who decided something.
Result<std::map<AccountId, std::string>> accountNames(sql::Database& database);

struct AccountWithPassword {
  Account account;
  PasswordKey password;
};
// Logins know no upper and lower case.
Result<std::optional<AccountWithPassword>> accountByLogin(sql::Database& database,
                                                          std::string_view login);

}  // namespace doorstep::identity
