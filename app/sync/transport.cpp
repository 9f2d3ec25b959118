// SPDX-License-Identifier: Apache-2.0
#include "app/sync/transport.h"

#include <variant>

namespace doorstep::sync {
namespace {

struct Carrier {
  SyncTransport& transport;
  OwnerActions left;

  void operator()(const SendExchange& send) { transport.exchange(send); }
  void operator()(const CancelExchange& cancel) { transport.cancelExchange(cancel.exchange); }
  void operator()(const StartWatch& start) { transport.startWatch(start); }
  void operator()(const StopWatch& stop) { transport.stopWatch(stop.watch); }
  void operator()(const DropConnection&) { transport.dropConnection(); }
  void operator()(const UseCertificate& use) { transport.useCertificate(use.enrolment); }
  void operator()(const WakeAt& wake) { left.wakeBootMs = wake.bootMs; }
  void operator()(const ScreensChanged&) { left.screensChanged = true; }
};

}  // namespace

OwnerActions carryOut(const Actions& actions, SyncTransport& transport) {
  Carrier carrier{transport, {}};
  for (const Action& action : actions)
    std::visit(carrier, action);
  return carrier.left;
}

}  // namespace doorstep::sync
