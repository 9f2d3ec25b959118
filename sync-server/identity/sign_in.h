// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "shared/core/clock.h"
#include "shared/core/id_source.h"
#include "shared/core/mutex.h"
#include "shared/crypto/sealing.h"
#include "sync-server/identity/attempt_throttle.h"
#include "sync-server/identity/sessions.h"
#include "sync-server/storage/storage.h"

namespace doorstep::identity {

struct SignedIn {
  NewSession session;
  AccountCaller caller;
};

// Login and password against a session. A login that does not exist takes as long as a wrong
// password, and both get the same answer. One attempt at a time: each takes 64 MiB and 180 ms on
// purpose, and guesses that are made at once must not pass the throttle together. Called by
// AccountService on its own worker. Thread: any; it blocks.
class SignIn {
 public:
  SignIn(storage::Storage& storage, const Clock& clock, IdSource& ids,
         crypto::ScryptCost cost = {});

  // Errors: UNAUTHENTICATED (SIGN_IN_FAILED), RESOURCE_EXHAUSTED (TOO_MANY_ATTEMPTS).
  Result<SignedIn> signIn(std::string_view login, std::string_view password,
                          std::string_view address);

 private:
  Result<SignedIn> check(std::string_view login, std::string_view password, std::int64_t nowUnixMs);

  storage::Storage& storage_;
  const Clock& clock_;
  IdSource& ids_;
  const crypto::ScryptCost cost_;

  Mutex oneAtATime_;
  AttemptThrottle byAddress_ DOORSTEP_GUARDED_BY(oneAtATime_);
  AttemptThrottle byLogin_ DOORSTEP_GUARDED_BY(oneAtATime_);
};

}  // namespace doorstep::identity
