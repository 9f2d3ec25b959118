// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "app/app_context.h"
#include "app/ui/gateway/phone_gateway.h"

namespace doorstep::app {

// Gateway between the screens and the phone's worker: posts intents to the worker and delivers its
// screens and answers to the GUI thread through the event loop. Stateless; a crash loses nothing
// that the journal confirmed. Thread: GUI; the worker only queues calls to it.
class LivePhoneGateway final : public ui::PhoneGateway {
 public:
  // Sets options.onChanged itself.
  LivePhoneGateway(AppContext::Options options, platform::Platform& platform);
  ~LivePhoneGateway() override;

  QString enrolmentTextFault(const QString& text) const override;
  void enrol(const QString& text, const QString& pin) override;
  void unlock(const QString& pin) override;
  void lock() override;
  void showVisit(VisitId visit) override;
  void record(const recording::Intent& intent) override;
  void syncNow() override;

 private:
  // Runs `arrived` on the GUI thread, after the screens that the worker published before it.
  template <typename Arrived>
  void onGuiThread(Arrived arrived);
  void takeScreens();

  std::unique_ptr<AppContext> context_;
};

}  // namespace doorstep::app
