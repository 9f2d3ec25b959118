// SPDX-License-Identifier: Apache-2.0
#include "app/ui/unlock/unlock_model.h"

#include <QCoreApplication>

#include "app/ui/gateway/wording.h"

namespace doorstep::ui {
namespace {

constexpr int kPinDigitsMax = 12;  // more is a stuck key
constexpr int kSecondMs = 1'000;
}  // namespace

UnlockModel::UnlockModel(QObject* parent) : QObject(parent) {
  second_.setInterval(kSecondMs);
  connect(&second_, &QTimer::timeout, this, &UnlockModel::secondPassed);
}

void UnlockModel::setGateway(PhoneGateway* gateway) {
  gateway_ = gateway;
  connect(gateway, &PhoneGateway::unlockAnswered, this, &UnlockModel::onAnswer);
  connect(gateway, &PhoneGateway::pinWaitChanged, this, &UnlockModel::takeWait);
  takeWait();
  Q_EMIT gatewayChanged();
}

QString UnlockModel::waitText() const {
  return waitSeconds_ >= 120 ? QCoreApplication::translate("UnlockModel", "Wait %n minute(s)",
                                                           nullptr, (waitSeconds_ + 59) / 60)
                             : QCoreApplication::translate("UnlockModel", "Wait %n second(s)",
                                                           nullptr, waitSeconds_);
}

void UnlockModel::typeDigit(int digit) {
  if (!canType() || pin_.size() >= kPinDigitsMax)
    return;
  pin_ += QString::number(digit);
  message_.clear();
  Q_EMIT changed();
}

void UnlockModel::eraseDigit() {
  pin_.chop(1);
  Q_EMIT changed();
}

void UnlockModel::finish() {
  if (!canType() || pin_.isEmpty())
    return;
  const QString pin = pin_;
  pin_.clear();
  checking_ = true;
  Q_EMIT changed();
  gateway_->unlock(pin);
}

void UnlockModel::onAnswer(const QString& reason) {
  checking_ = false;
  message_ = reason.isEmpty() ? QString() : Wording::ofFailure(reason.toStdString());
  takeWait();
}

void UnlockModel::takeWait() {
  waitSeconds_ = static_cast<int>((gateway_->pinWaitMs() + kSecondMs - 1) / kSecondMs);
  if (waitSeconds_ > 0)
    second_.start();
  else
    second_.stop();
  Q_EMIT changed();
}

void UnlockModel::secondPassed() {
  waitSeconds_ = waitSeconds_ > 0 ? waitSeconds_ - 1 : 0;
  if (waitSeconds_ == 0)
    second_.stop();
  Q_EMIT changed();
}

}  // namespace doorstep::ui
