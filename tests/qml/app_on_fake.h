// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QQmlApplicationEngine>
#include <QQuickItem>
#include <QQuickWindow>
#include <QString>
#include <memory>

#include "app/gallery/fake_phone_gateway.h"

namespace doorstep::ui {

// The app's window on a fake phone, and simulated taps. Thread: GUI.
class AppOnFake {
 public:
  explicit AppOnFake(const QString& scenario);

  // The visible item with that object name; null if there is none.
  QQuickItem* item(const QString& name) const;
  // Waits for the item and taps its centre. False when it does not appear or is outside the window.
  [[nodiscard]] bool tap(const QString& name);
  // Waits until the visible item `name` has the text. False after five seconds.
  [[nodiscard]] bool shows(const QString& name, const QString& text);
  [[nodiscard]] bool gone(const QString& name);
  [[nodiscard]] bool typePin(const QString& digits);

  FakePhoneGateway phone;
  QQuickWindow* window = nullptr;

 private:
  std::unique_ptr<QQmlApplicationEngine> engine_;
};

}  // namespace doorstep::ui
