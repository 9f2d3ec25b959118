// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "shared/core/clock.h"
#include "shared/core/id_source.h"
#include "shared/core/mutex.h"
#include "shared/crypto/sealing.h"
#include "sync-server/identity/accounts.h"
#include "sync-server/identity/attempt_throttle.h"
#include "sync-server/identity/sessions.h"
#include "sync-server/storage/storage.h"

namespace doorstep::identity {

struct SignedIn {
  NewSession session;
  AccountCaller caller;
};

// Checks login and password and starts a session. An unknown login takes as long as a wrong
// password, and both get the same answer. One attempt at a time: each takes 128 MiB and about 400
// ms on purpose, and concurrent guesses must not pass the throttle together. Failures elsewhere
// never block a browser that the account has signed in with (known_browsers.h), nor another
// network. A password hashed at a lower cost is hashed again. Called by AccountService on its own
// worker. Thread: any; signIn blocks.
class SignIn {
 public:
  SignIn(storage::Storage& storage, const Clock& clock, IdSource& ids,
         crypto::ScryptCost cost = {kPasswordScryptLogN});

  // Errors: UNAUTHENTICATED (SIGN_IN_FAILED), RESOURCE_EXHAUSTED (TOO_MANY_ATTEMPTS).
  // browserToken: from the browser's cookie, of a session that may have ended; or empty.
  Result<SignedIn> signIn(std::string_view login, std::string_view password,
                          std::string_view address, std::string_view browserToken = {});

  // A place in the queue, released on destruction. Null: the network already has
  // kSignInsOfNetworkMax.
  class Place {
   public:
    Place(SignIn& signIn, std::string network) : signIn_(signIn), network_(std::move(network)) {}
    ~Place() { signIn_.leave(network_); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    SignIn& signIn_;
    const std::string network_;
  };
  // shared_ptr: passed to a task, which must be copyable.
  std::shared_ptr<Place> enter(std::string_view address);

 private:
  Result<SignedIn> check(const std::optional<AccountWithPassword>& found, std::string_view password,
                         std::string_view browserToken, std::int64_t nowUnixMs);
  void leave(const std::string& network);

  storage::Storage& storage_;
  const Clock& clock_;
  IdSource& ids_;
  const crypto::ScryptCost cost_;

  Mutex oneAtATime_;
  AttemptThrottle byLoginAndNetwork_ DOORSTEP_GUARDED_BY(oneAtATime_);
  AttemptThrottle byNetwork_ DOORSTEP_GUARDED_BY(oneAtATime_);
  AttemptThrottle byLogin_ DOORSTEP_GUARDED_BY(oneAtATime_);

  Mutex waitingMutex_;
  std::map<std::string, std::size_t> waiting_ DOORSTEP_GUARDED_BY(waitingMutex_);  // by network
};

}  // namespace doorstep::identity
