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

// Options of doorstep-app for demo, screenshots and benchmarks: --enrol, --pin, --place, --grab and
// --measure-start. Not used on a carer's phone.
QList<QCommandLineOption> driverOptions();

// Runs these options on a window: enrols, unlocks, opens the page, then takes the screenshot or
// prints the times, and quits. Thread: the window's.
class AppDriver : public QObject {
 public:
  // sinceMain: started at the beginning of main. All arguments outlive the driver.
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
