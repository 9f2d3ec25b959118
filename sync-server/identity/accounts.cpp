// SPDX-License-Identifier: Apache-2.0
#include "sync-server/identity/accounts.h"

#include <algorithm>
#include <array>

#include "shared/core/display_text.h"
#include "sync-server/identity/known_browsers.h"
#include "sync-server/identity/limits.h"
#include "sync-server/identity/sessions.h"
#include "sync-server/text/normal_form.h"

namespace doorstep::identity {
namespace {

constexpr const char* kColumns =
    "SELECT account_id, login_shown, display_name, role, provider_id, council_id, disabled, salt, "
    "password_key, "
    "scrypt_log_n FROM account ";

std::string keyOf(std::string_view password, std::string_view salt, int logN) {
  const auto key = crypto::scrypt(password, salt, {logN});
  return {reinterpret_cast<const char*>(key.data()), key.size()};
}

Account readAccount(const sql::Statement& row) {
  return {AccountId(row.columnId(0)),  row.columnText(1),
          row.columnText(2),           static_cast<Role>(row.columnInt(3)),
          ProviderId(row.columnId(4)), CouncilId(row.columnId(5)),
          row.columnInt(6) != 0};
}

bool loginIsValid(std::string_view login) {
  return !login.empty() && login.size() <= kLoginBytesMax &&
         std::all_of(login.begin(), login.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  std::string_view("._-@+").find(c) != std::string_view::npos;
         });
}

Status check(const Account& account) {
  if (!loginIsValid(account.login))
    return Error{ErrorCode::InvalidArgument, "LOGIN_INVALID",
                 "a login has letters, digits and ._-@+, at most 100 of them"};
  if (isBlankText(account.displayName) || account.displayName.size() > kDisplayNameBytesMax)
    return Error{ErrorCode::InvalidArgument, "NAME_INVALID",
                 "a name is needed, of 100 bytes at most, not blanks alone"};
  if (textFlaw(account.displayName, TextKind::Line) != TextFlaw::None)
    return Error{ErrorCode::InvalidArgument, "NAME_INVALID",
                 "the name holds characters that cannot be seen, turn the direction of writing or "
                 "are no text; type it anew"};
  const bool fits = static_cast<bool>(account.provider) == (account.role == Role::Supervisor) &&
                    static_cast<bool>(account.council) == (account.role == Role::Council);
  if (!fits)
    return Error{ErrorCode::InvalidArgument, "ROLE_INVALID",
                 "a supervisor has a provider, a council officer a council, an operator neither"};
  return kDone;
}

}  // namespace

Result<PasswordKey> hashPassword(std::string_view password, IdSource& ids,
                                 crypto::ScryptCost cost) {
  if (password.size() < kPasswordBytesMin || password.size() > kPasswordBytesMax)
    return Error{ErrorCode::InvalidArgument, "PASSWORD_LENGTH", "a password has 10 to 200 bytes"};
  if (!isUtf8(password) || password.find('\0') != std::string_view::npos)
    return Error{ErrorCode::InvalidArgument, "PASSWORD_NOT_TEXT", "a password is text in UTF-8"};
  if (isBlankText(password))
    return Error{ErrorCode::InvalidArgument, "PASSWORD_BLANK", "a password is more than blanks"};
  std::array<std::uint8_t, 16> random{};
  ids.fillRandom(random);
  PasswordKey key;
  key.salt.assign(reinterpret_cast<const char*>(random.data()), random.size());
  key.scryptLogN = cost.logN;
  key.key = keyOf(text::toNfc(password), key.salt, cost.logN);
  return key;
}

bool passwordMatches(std::string_view password, const PasswordKey& key) {
  if (key.scryptLogN < 1 || key.scryptLogN > kScryptLogNMax)
    return false;
  const std::string normal = text::toNfc(password);
  if (crypto::equalSecrets(keyOf(normal, key.salt, key.scryptLogN), key.key))
    return true;
  // Releases before normal forms hashed the password as typed.
  return normal != password &&
         crypto::equalSecrets(keyOf(password, key.salt, key.scryptLogN), key.key);
}

std::string normalLogin(std::string_view login) {
  std::string plain = withPlainBlanks(login);
  const auto first = plain.find_first_not_of(" \t\r\n");
  if (first == std::string::npos)
    return {};
  return plain.substr(first, plain.find_last_not_of(" \t\r\n") - first + 1);
}

std::string loginKey(std::string_view login) {
  std::string key = normalLogin(login);
  for (char& c : key)
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return key;
}

Result<AccountId> addAccount(sql::Database& database, Account account, const PasswordKey& password,
                             const Clock& clock, IdSource& ids) {
  account.login = normalLogin(account.login);
  DOORSTEP_TRY(check(account));
  DOORSTEP_ASSIGN(const auto taken, accountByLogin(database, account.login));
  if (taken)
    return Error{ErrorCode::AlreadyExists, "LOGIN_TAKEN", "another account has this login"};
  account.id = AccountId(ids.newId(clock));
  DOORSTEP_ASSIGN(auto row, database.prepare(R"sql(
INSERT INTO account (account_id, login, display_name, role, provider_id, council_id, salt,
  password_key, scrypt_log_n, disabled, login_shown)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?))sql"));
  const std::string key = loginKey(account.login);
  row.bindId(0, account.id.value).bindText(1, key).bindText(2, account.displayName);
  row.bind(3, static_cast<int>(account.role)).bindId(4, account.provider.value);
  row.bindId(5, account.council.value).bindBlob(6, password.salt).bindBlob(7, password.key);
  DOORSTEP_TRY(row.bind(8, password.scryptLogN).bindText(9, account.login).run());
  return account.id;
}

Status replacePasswordKey(sql::Database& database, AccountId account, const PasswordKey& password) {
  DOORSTEP_ASSIGN(
      auto row,
      database.prepare(
          "UPDATE account SET salt = ?, password_key = ?, scrypt_log_n = ? WHERE account_id = ?"));
  row.bindBlob(0, password.salt).bindBlob(1, password.key).bind(2, password.scryptLogN);
  return row.bindId(3, account.value).run();
}

Status setPassword(sql::Database& database, AccountId account, const PasswordKey& password) {
  DOORSTEP_TRY(replacePasswordKey(database, account, password));
  DOORSTEP_TRY(forgetBrowsersOf(database, account));
  return endSessionsOf(database, account);
}

Status setDisabled(sql::Database& database, AccountId account, bool disabled) {
  DOORSTEP_ASSIGN(auto row,
                  database.prepare("UPDATE account SET disabled = ? WHERE account_id = ?"));
  DOORSTEP_TRY(row.bind(0, disabled).bindId(1, account.value).run());
  DOORSTEP_TRY(forgetBrowsersOf(database, account));
  return endSessionsOf(database, account);
}

Result<std::vector<Account>> accounts(sql::Database& database) {
  DOORSTEP_ASSIGN(auto rows, database.prepare(std::string(kColumns) + "ORDER BY login"));
  std::vector<Account> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return found;
    found.push_back(readAccount(rows));
  }
}

Result<std::string> accountName(sql::Database& database, AccountId account) {
  DOORSTEP_ASSIGN(auto row,
                  database.prepare("SELECT display_name FROM account WHERE account_id = ?"));
  row.bindId(0, account.value);
  DOORSTEP_ASSIGN(const bool found, row.step());
  return found ? row.columnText(0) : std::string();
}

Result<std::map<AccountId, std::string>> accountNames(sql::Database& database) {
  DOORSTEP_ASSIGN(const auto all, accounts(database));
  std::map<AccountId, std::string> names;
  for (const Account& account : all)
    names.emplace(account.id, account.displayName);
  return names;
}

Result<std::optional<AccountWithPassword>> accountByLogin(sql::Database& database,
                                                          std::string_view login) {
  if (!isUtf8(login))
    return std::optional<AccountWithPassword>();
  DOORSTEP_ASSIGN(auto row, database.prepare(std::string(kColumns) + "WHERE login = ?"));
  const std::string key = loginKey(login);
  row.bindText(0, key);
  DOORSTEP_ASSIGN(const bool found, row.step());
  if (!found)
    return std::optional<AccountWithPassword>();
  return std::optional(AccountWithPassword{
      readAccount(row),
      {row.columnBlob(7), row.columnBlob(8), static_cast<int>(row.columnInt(9))}});
}

}  // namespace doorstep::identity
