// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QCommandLineOption>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QList>
#include <QObject>
#include <QQuickWindow>
#include <QTimer>

#include "app/ui/gateway/phone_gateway.h"

namespace doorstep::app {

// Options of doorstep-app for demo, pictures and benchmarks: --enrol, --pin, --place, --grab and
// --measure-start. A carer's phone is started without them.
QList<QCommandLineOption> driverOptions();

// Carries them out on a window: enrols, unlocks, opens the page, then takes the picture or prints
// the times and ends the program. Thread: the window's.
class AppDriver : public QObject {
 public:
  // sinceMain runs since the program began. All outlive the driver.
  AppDriver(const QCommandLineParser& parser, ui::PhoneGateway& gateway, QQuickWindow& window,
            const QElapsedTimer& sinceMain);

 private:
  bool ends() const;
  void onAccess();
  bool there() const;
  void open();
  void look();
  void finish();

  const QCommandLineParser& parser_;
  ui::PhoneGateway& gateway_;
  QQuickWindow& window_;
  const QElapsedTimer& sinceMain_;
  QTimer poll_;
  qint64 firstFrameMs_ = -1;
  qint64 thereMs_ = -1;
};

}  // namespace doorstep::app
