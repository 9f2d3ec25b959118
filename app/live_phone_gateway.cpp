// SPDX-License-Identifier: Apache-2.0
#include "app/live_phone_gateway.h"

#include <QMetaObject>

#include "shared/wire/enrolment_text.h"
#include "shared/wire/pasted_token.h"

namespace doorstep::app {
namespace {

ui::PhoneGateway::Access accessOf(Access access) {
  switch (access) {
    case Access::NotEnrolled:
      return ui::PhoneGateway::Access::NotEnrolled;
    case Access::Locked:
      return ui::PhoneGateway::Access::Locked;
    case Access::Unlocked:
      return ui::PhoneGateway::Access::Unlocked;
    case Access::JournalDamaged:
      return ui::PhoneGateway::Access::JournalDamaged;
  }
  return ui::PhoneGateway::Access::Starting;
}

template <typename T>
QString reasonOf(const Result<T>& result) {
  return result.ok() ? QString() : QString::fromStdString(result.error().reason);
}

}  // namespace

LivePhoneGateway::LivePhoneGateway(AppContext::Options options, platform::Platform& platform) {
  options.onChanged = [this] { onGuiThread([this] { takeScreens(); }); };
  context_ = std::make_unique<AppContext>(std::move(options), platform);
}

// Joins the worker first: afterwards nothing is posted to this object.
LivePhoneGateway::~LivePhoneGateway() { context_.reset(); }

template <typename Arrived>
void LivePhoneGateway::onGuiThread(Arrived arrived) {
  QMetaObject::invokeMethod(this, std::move(arrived), Qt::QueuedConnection);
}

void LivePhoneGateway::takeScreens() {
  const std::shared_ptr<const Screens> screens = context_->screens();
  setScreens(screens->round, screens->visit, screens->office);
  setAccess(accessOf(screens->access), screens->pinWaitMs, screens->canRecordMeanwhile);
}

QString LivePhoneGateway::enrolmentTextFault(const QString& text) const {
  // One more than the limit, so that a longer text is detected.
  return reasonOf(wire::parseEnrolmentText(
      text.left(static_cast<int>(wire::kPasteBytesMax) + 1).toStdString()));
}

void LivePhoneGateway::enrol(const QString& text, const QString& pin) {
  context_->enrol(text.toStdString(), pin.toStdString(), [this](const Status& status) {
    onGuiThread([this, reason = reasonOf(status)] {
      takeScreens();
      Q_EMIT enrolAnswered(reason);
    });
  });
}

void LivePhoneGateway::unlock(const QString& pin) {
  context_->unlock(pin.toStdString(), [this](const Status& status) {
    onGuiThread([this, reason = reasonOf(status)] {
      takeScreens();
      Q_EMIT unlockAnswered(reason);
    });
  });
}

void LivePhoneGateway::lock() { context_->lock(); }
void LivePhoneGateway::showVisit(VisitId visit) { context_->showVisit(visit); }
void LivePhoneGateway::syncNow() { context_->syncNow(); }

void LivePhoneGateway::record(const recording::Intent& intent) {
  const VisitId visit = std::visit([](const auto& said) { return said.visit; }, intent);
  context_->record(intent, [this, visit](const Result<std::uint64_t>& number) {
    onGuiThread([this, visit, reason = reasonOf(number)] {
      takeScreens();
      Q_EMIT recordAnswered(visit, reason);
    });
  });
}

}  // namespace doorstep::app
