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

// Login and password against a session. A login that does not exist takes as long as a wrong
// password, and both get the same answer. One attempt at a time: each takes 128 MiB and some 400 ms
// on purpose, and guesses that are made at once must not pass the throttle together. Others' tries
// never shut out a browser that the account has signed in with (known_browsers.h), nor anybody at
// another network. A password that was hashed at a lower cost is hashed anew. Called by
// AccountService on its own worker. Thread: any; signIn blocks.
class SignIn {
 public:
  SignIn(storage::Storage& storage, const Clock& clock, IdSource& ids,
         crypto::ScryptCost cost = {kPasswordScryptLogN});

  // Errors: UNAUTHENTICATED (SIGN_IN_FAILED), RESOURCE_EXHAUSTED (TOO_MANY_ATTEMPTS).
  // browserToken: what the browser's cookie holds, of a session that may have ended; or empty.
  Result<SignedIn> signIn(std::string_view login, std::string_view password,
                          std::string_view address, std::string_view browserToken = {});

  // A place among those that wait for their turn; given back at its end. Null: the network has
  // kSignInsOfNetworkMax of them.
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
  // shared_ptr: it goes with a task, which is copied.
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
