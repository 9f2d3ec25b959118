// SPDX-License-Identifier: Apache-2.0
#include "app/ui/enrol/enrol_model.h"

#include <QCoreApplication>

#include "app/ui/gateway/wording.h"

namespace doorstep::ui {
namespace {

constexpr int kPinDigitsMax = 12;  // more indicates a stuck key
}

void EnrolModel::setGateway(PhoneGateway* gateway) {
  gateway_ = gateway;
  connect(gateway, &PhoneGateway::enrolAnswered, this, &EnrolModel::onAnswer);
  connect(gateway, &PhoneGateway::accessChanged, this, &EnrolModel::changed);
  Q_EMIT gatewayChanged();
  Q_EMIT changed();
}

bool EnrolModel::journalDamaged() const {
  return gateway_ && gateway_->access() == PhoneGateway::Access::JournalDamaged;
}

void EnrolModel::go(Step step, const QString& message) {
  step_ = step;
  message_ = message;
  pin_.clear();
  Q_EMIT changed();
}

void EnrolModel::takeText(const QString& text) {
  text_ = text.trimmed();
  if (text_.isEmpty())
    return go(PasteText, QCoreApplication::translate("EnrolModel", "Paste the code first."));
  const QString fault = gateway_->enrolmentTextFault(text_);
  if (!fault.isEmpty())
    return go(PasteText, Wording::ofFailure(fault.toStdString()));
  if (!gateway_->unlocked())
    return go(ChoosePin, {});
  // The PIN exists already.
  go(Working, {});
  gateway_->enrol(text_, {});
}

void EnrolModel::typeDigit(int digit) {
  if (pin_.size() >= kPinDigitsMax)
    return;
  pin_ += QString::number(digit);
  message_.clear();
  Q_EMIT changed();
}

void EnrolModel::eraseDigit() {
  pin_.chop(1);
  Q_EMIT changed();
}

void EnrolModel::finishPin() {
  if (step_ == ChoosePin) {
    firstPin_ = pin_;
    return go(RepeatPin, {});
  }
  if (step_ != RepeatPin)
    return;
  if (pin_ != firstPin_) {
    firstPin_.clear();
    return go(ChoosePin, QCoreApplication::translate(
                             "EnrolModel", "The two PINs are not the same. Choose again."));
  }
  const QString pin = pin_;
  go(Working, {});
  gateway_->enrol(text_, pin);
}

void EnrolModel::back() {
  if (step_ != Working)
    go(step_ == RepeatPin ? ChoosePin : PasteText, {});
}

void EnrolModel::onAnswer(const QString& reason) {
  firstPin_.clear();
  if (reason.isEmpty())
    text_.clear();
  go(PasteText, reason.isEmpty() ? QString() : Wording::ofFailure(reason.toStdString()));
}

}  // namespace doorstep::ui
