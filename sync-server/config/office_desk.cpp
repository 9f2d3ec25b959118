// SPDX-License-Identifier: Apache-2.0
#include "sync-server/config/office_desk.h"

#include <pwd.h>
#include <unistd.h>

#include <vector>

#include "sync-server/roster/roster_store.h"

namespace doorstep::config {

Result<std::unique_ptr<OfficeDesk>> OfficeDesk::open(ServerContext& context) {
  std::unique_ptr<OfficeDesk> desk(new OfficeDesk(context.signers()));
  DOORSTEP_ASSIGN(desk->log_, event_log::SqlEventLog::open(*context.storage, desk->signers_));
  std::vector<ProviderId> providers;
  {
    auto lease = context.storage->read();
    DOORSTEP_ASSIGN(const auto known, roster::providers(*lease));
    for (const roster::Provider& provider : known)
      providers.push_back(provider.id);
  }
  DOORSTEP_ASSIGN(const std::int64_t newest, intake::newestArrivalUnixMs(*desk->log_, providers));
  desk->arrivals_.emplace(*context.clock, newest);
  desk->office_.emplace(office::OfficeLog::Parts{
      *context.storage, *desk->log_, *context.officeKey,
      [arrivals = &*desk->arrivals_] { return arrivals->stamp(); }, *context.clock, *context.ids});
  return desk;
}

event_log::OfficeActor commandLine() {
  // Not getlogin: a service or a container has none.
  const passwd* user = getpwuid(geteuid());
  return {{}, user == nullptr ? "" : user->pw_name};
}

}  // namespace doorstep::config
