// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtQml/qqmlregistration.h>
#include <QObject>
#include <QString>
#include <QTimer>

#include "app/ui/gateway/phone_gateway.h"

namespace doorstep::ui {

// The PIN, and the wait after wrong ones. The worker keeps the wait, which survives a restart; the
// countdown here only displays it. Thread: GUI.
class UnlockModel : public QObject {
  Q_OBJECT
  QML_ELEMENT
  Q_PROPERTY(doorstep::ui::PhoneGateway* gateway READ gateway WRITE setGateway NOTIFY gatewayChanged
                 REQUIRED)
  Q_PROPERTY(int filledDigits READ filledDigits NOTIFY changed)
  Q_PROPERTY(QString message READ message NOTIFY changed)
  Q_PROPERTY(int waitSeconds READ waitSeconds NOTIFY changed)
  Q_PROPERTY(QString waitText READ waitText NOTIFY changed)
  Q_PROPERTY(bool canType READ canType NOTIFY changed)
  Q_PROPERTY(bool checking READ checking NOTIFY changed)

 public:
  explicit UnlockModel(QObject* parent = nullptr);
  PhoneGateway* gateway() const { return gateway_; }
  void setGateway(PhoneGateway* gateway);

  int filledDigits() const { return static_cast<int>(pin_.size()); }
  QString message() const { return message_; }
  int waitSeconds() const { return waitSeconds_; }
  QString waitText() const;
  bool canType() const { return waitSeconds_ == 0 && !checking_; }
  bool checking() const { return checking_; }

  Q_INVOKABLE void typeDigit(int digit);
  Q_INVOKABLE void eraseDigit();
  Q_INVOKABLE void finish();

 Q_SIGNALS:
  void gatewayChanged();
  void changed();

 private:
  void onAnswer(const QString& reason);
  void takeWait();
  void secondPassed();

  PhoneGateway* gateway_ = nullptr;
  QString pin_;
  QString message_;
  int waitSeconds_ = 0;
  bool checking_ = false;
  QTimer second_;
};

}  // namespace doorstep::ui
