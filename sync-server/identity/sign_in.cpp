// SPDX-License-Identifier: Apache-2.0
#include "sync-server/identity/sign_in.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include "sync-server/identity/accounts.h"
#include "sync-server/identity/limits.h"

namespace doorstep::identity {
namespace {

Error signInFailed() { return {ErrorCode::Unauthenticated, "SIGN_IN_FAILED", "login or password"}; }

std::string loginKey(std::string_view login) {
  std::string key(login.substr(0, kLoginBytesMax));
  std::transform(key.begin(), key.end(), key.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return key;
}

}  // namespace

SignIn::SignIn(storage::Storage& storage, const Clock& clock, IdSource& ids, crypto::ScryptCost cost)
    : storage_(storage), clock_(clock), ids_(ids), cost_(cost), byAddress_(kAddressDelayMaxMs),
      byLogin_(kAccountDelayMaxMs) {}

Result<SignedIn> SignIn::signIn(std::string_view login, std::string_view password, std::string_view address) {
  const std::int64_t now = clock_.wallUnixMs();
  const std::string key = loginKey(login);
  if (byAddress_.begin(address, now) > 0 || byLogin_.begin(key, now) > 0)
    return Error{ErrorCode::ResourceExhausted, "TOO_MANY_ATTEMPTS", "wait before the next attempt"};
  if (login.size() > kLoginBytesMax || password.size() > kPasswordBytesMax)
    return signInFailed();

  std::optional<AccountWithPassword> found;
  {
    const auto lease = storage_.read();
    DOORSTEP_ASSIGN(found, accountByLogin(lease, login));
  }
  const PasswordKey nobody{std::string(16, '\0'), std::string(32, '\0'), cost_.logN};
  const bool matches = passwordMatches(password, found ? found->password : nobody);
  if (!matches || !found || found->account.disabled)
    return signInFailed();

  SignedIn signedIn;
  const Account& account = found->account;
  signedIn.caller = {account.id, account.role, account.provider, account.council, account.displayName};
  DOORSTEP_TRY(storage_.write([&](sqlite::Database& database) -> Status {
    DOORSTEP_ASSIGN(signedIn.session, startSession(database, account.id, now, ids_));
    return kDone;
  }));
  byAddress_.succeeded(address);
  byLogin_.succeeded(key);
  return signedIn;
}

}  // namespace doorstep::identity
