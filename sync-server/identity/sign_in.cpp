// SPDX-License-Identifier: Apache-2.0
#include "sync-server/identity/sign_in.h"

#include <optional>

#include "sync-server/identity/known_browsers.h"
#include "sync-server/identity/limits.h"
#include "sync-server/identity/network_key.h"

namespace doorstep::identity {
namespace {

Error signInFailed() { return {ErrorCode::Unauthenticated, "SIGN_IN_FAILED", "login or password"}; }

}  // namespace

SignIn::SignIn(storage::Storage& storage, const Clock& clock, IdSource& ids,
               crypto::ScryptCost cost)
    : storage_(storage),
      clock_(clock),
      ids_(ids),
      cost_(cost),
      byLoginAndNetwork_(kFreeAttempts, kLoginDelayMaxMs),
      byNetwork_(kNetworkFreeAttempts, kNetworkDelayMaxMs),
      byLogin_(kLoginFreeAttempts, kAnywhereDelayMaxMs) {}

Result<SignedIn> SignIn::signIn(std::string_view login, std::string_view password,
                                std::string_view address, std::string_view browserToken) {
  const MutexLock lock(oneAtATime_);
  const std::int64_t now = clock_.wallUnixMs();
  std::optional<AccountWithPassword> found;
  bool known = false;
  if (login.size() <= kLoginBytesMax) {
    const auto lease = storage_.read();
    DOORSTEP_ASSIGN(found, accountByLogin(lease, login));
    if (found) {
      DOORSTEP_ASSIGN(known, isKnownBrowser(lease, found->account.id, browserToken, now));
    }
  }
  const std::string loginPart = loginKey(login.substr(0, kLoginBytesMax));
  const std::string network = networkKey(address);
  // A known browser waits for its own failures only.
  const std::string own = loginPart + (known ? "\n" + std::string(browserToken) : "\n" + network);
  const bool mustWait =
      byLoginAndNetwork_.waitMs(own, now) > 0 ||
      (!known && (byNetwork_.waitMs(network, now) > 0 || byLogin_.waitMs(loginPart, now) > 0));
  if (mustWait)
    return Error{ErrorCode::ResourceExhausted, "TOO_MANY_ATTEMPTS", "wait before the next attempt"};
  auto signedIn = check(found, password, browserToken, now);
  if (signedIn.ok()) {
    // Not for the network: a sign-in to one's own account must not allow more guesses at others.
    byLoginAndNetwork_.forget(own);
  } else if (signedIn.error().code == ErrorCode::Unauthenticated) {
    byLoginAndNetwork_.failed(own, now);
    if (!known) {
      byNetwork_.failed(network, now);
      byLogin_.failed(loginPart, now);
    }
  }
  return signedIn;
}

Result<SignedIn> SignIn::check(const std::optional<AccountWithPassword>& found,
                               std::string_view password, std::string_view browserToken,
                               std::int64_t nowUnixMs) {
  if (password.size() > kPasswordBytesMax)
    return signInFailed();
  const PasswordKey nobody{std::string(16, '\0'), std::string(32, '\0'), cost_.logN};
  const bool matches = passwordMatches(password, found ? found->password : nobody);
  if (!matches || !found || found->account.disabled)
    return signInFailed();

  std::optional<PasswordKey> stronger;
  if (found->password.scryptLogN < cost_.logN)
    if (auto hashed = hashPassword(password, ids_, cost_); hashed.ok())
      stronger = *std::move(hashed);
  SignedIn signedIn;
  const Account& account = found->account;
  signedIn.caller = {account.id, account.role, account.provider, account.council,
                     account.displayName};
  const Status written = storage_.write([&](sql::Database& database) -> Status {
    if (stronger)
      DOORSTEP_TRY(replacePasswordKey(database, account.id, *stronger));
    DOORSTEP_ASSIGN(signedIn.session, startSession(database, account.id, nowUnixMs, ids_));
    return rememberBrowser(database, account.id, signedIn.session.token, browserToken, nowUnixMs);
  });
  DOORSTEP_TRY(written);
  return signedIn;
}

std::shared_ptr<SignIn::Place> SignIn::enter(std::string_view address) {
  std::string network = networkKey(address);
  {
    const MutexLock lock(waitingMutex_);
    std::size_t& count = waiting_[network];
    if (count >= kSignInsOfNetworkMax)
      return nullptr;
    ++count;
  }
  return std::make_shared<Place>(*this, std::move(network));
}

void SignIn::leave(const std::string& network) {
  const MutexLock lock(waitingMutex_);
  const auto found = waiting_.find(network);
  if (--found->second == 0)
    waiting_.erase(found);
}

}  // namespace doorstep::identity
