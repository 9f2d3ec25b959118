// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtQml/qqmlregistration.h>
#include <QObject>
#include <QString>

#include "app/ui/gateway/phone_gateway.h"

namespace doorstep::ui {

// Sets up the phone: the office's text, which is checked first, then a PIN, then its repetition.
// Keeps the digits only until the worker has them. Thread: GUI.
class EnrolModel : public QObject {
  Q_OBJECT
  QML_ELEMENT
  Q_PROPERTY(doorstep::ui::PhoneGateway* gateway READ gateway WRITE setGateway NOTIFY gatewayChanged
                 REQUIRED)
  Q_PROPERTY(Step step READ step NOTIFY changed)
  Q_PROPERTY(int filledDigits READ filledDigits NOTIFY changed)
  Q_PROPERTY(QString message READ message NOTIFY changed)
  Q_PROPERTY(bool journalDamaged READ journalDamaged NOTIFY changed)
  // The PIN opens the phone before it has a code, or it is open.
  Q_PROPERTY(bool canGoOn READ canGoOn NOTIFY changed)

 public:
  enum Step {
    PasteText,  // ended by takeText()
    ChoosePin,  // ended by finishPin(), back()
    RepeatPin,  // ended by finishPin() with the same digits, back()
    Working,    // ended by the worker's answer
  };
  Q_ENUM(Step)

  using QObject::QObject;
  PhoneGateway* gateway() const { return gateway_; }
  void setGateway(PhoneGateway* gateway);

  Step step() const { return step_; }
  int filledDigits() const { return static_cast<int>(pin_.size()); }
  QString message() const { return message_; }
  bool journalDamaged() const;
  bool canGoOn() const {
    return gateway_ && (gateway_->canRecordMeanwhile() || gateway_->unlocked());
  }

  Q_INVOKABLE void takeText(const QString& text);
  Q_INVOKABLE void typeDigit(int digit);
  Q_INVOKABLE void eraseDigit();
  Q_INVOKABLE void finishPin();
  Q_INVOKABLE void back();

 Q_SIGNALS:
  void gatewayChanged();
  void changed();

 private:
  void go(Step step, const QString& message);
  void onAnswer(const QString& reason);

  PhoneGateway* gateway_ = nullptr;
  Step step_ = PasteText;
  QString text_;
  QString firstPin_;
  QString pin_;
  QString message_;
};

}  // namespace doorstep::ui
