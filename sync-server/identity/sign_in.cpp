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

SignIn::SignIn(storage::Storage& storage, const Clock& clock, IdSource& ids,
               crypto::ScryptCost cost)
    : storage_(storage),
      clock_(clock),
      ids_(ids),
      cost_(cost),
      byAddress_(kAddressDelayMaxMs),
      byLogin_(kAccountDelayMaxMs) {}

Result<SignedIn> SignIn::signIn(std::string_view login, std::string_view password,
                                std::string_view address) {
  const MutexLock lock(oneAtATime_);
  const std::int64_t now = clock_.wallUnixMs();
  const std::string key = loginKey(login);
  if (byAddress_.waitMs(address, now) > 0 || byLogin_.waitMs(key, now) > 0)
    return Error{ErrorCode::ResourceExhausted, "TOO_MANY_ATTEMPTS", "wait before the next attempt"};
  auto signedIn = check(login, password, now);
  if (signedIn.ok()) {
    // Not the address: an account of one's own must not buy guesses at others.
    byLogin_.forget(key);
  } else if (signedIn.error().code == ErrorCode::Unauthenticated) {
    byAddress_.failed(address, now);
    byLogin_.failed(key, now);
  }
  return signedIn;
}

Result<SignedIn> SignIn::check(std::string_view login, std::string_view password,
                               std::int64_t nowUnixMs) {
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
  signedIn.caller = {account.id, account.role, account.provider, account.council,
                     account.displayName};
  DOORSTEP_TRY(storage_.write([&](sqlite::Database& database) -> Status {
    DOORSTEP_ASSIGN(signedIn.session, startSession(database, account.id, nowUnixMs, ids_));
    return kDone;
  }));
  return signedIn;
}

}  // namespace doorstep::identity
