// SPDX-License-Identifier: Apache-2.0
// doorstep-app: the carer's app.
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QQmlApplicationEngine>
#include <QQuickWindow>
#include <QStandardPaths>
#include <QSysInfo>
#include <cstdio>
#include <memory>

#include "app/app_driver.h"
#include "app/live_phone_gateway.h"
#include "app/platform/desktop_platform.h"
#include "app/ui/modules.h"
#include "app/ui/shell/look.h"
#include "shared/core/clock.h"
#include "shared/core/id_source.h"
#include "shared/core/shared_clock.h"

namespace {

using doorstep::ui::PhoneGateway;

const QCommandLineOption kDir(QStringLiteral("dir"),
                              QStringLiteral("The phone's folder; made when it is missing."),
                              QStringLiteral("folder"));
const QCommandLineOption kClock(QStringLiteral("clock"),
                                QStringLiteral("Take the time from a shared clock's file."),
                                QStringLiteral("file"));
const QCommandLineOption kSize(QStringLiteral("size"), QStringLiteral("Window size."),
                               QStringLiteral("width>x<height"), QStringLiteral("412x915"));
const QCommandLineOption kLanguage(QStringLiteral("language"),
                                   QStringLiteral("Language in place of the system's: en or pl."),
                                   QStringLiteral("tag"));

}  // namespace

int main(int argc, char** argv) {
  QElapsedTimer sinceMain;
  sinceMain.start();
  QGuiApplication application(argc, argv);
  QGuiApplication::setApplicationName(QStringLiteral("doorstep"));
  QCommandLineParser parser;
  parser.setApplicationDescription(
      QStringLiteral("Doorstep: a carer's round, recorded at the door."));
  parser.addHelpOption();
  parser.addOptions({kDir, kClock, kSize, kLanguage});
  parser.addOptions(doorstep::app::driverOptions());
  parser.process(application);
  doorstep::ui::applyLook(application, parser.value(kLanguage).toLatin1().constData());

  const QString folder = parser.isSet(kDir)
                             ? parser.value(kDir)
                             : QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
  doorstep::SystemClock systemClock;
  std::unique_ptr<doorstep::SharedClock> sharedClock;
  if (parser.isSet(kClock)) {
    auto opened = doorstep::SharedClock::open(parser.value(kClock).toStdString());
    if (!opened.ok()) {
      std::fprintf(stderr, "doorstep-app: %s\n", opened.error().text.c_str());
      return 1;
    }
    sharedClock = std::move(opened).value();
  }
  doorstep::Clock& clock = sharedClock ? static_cast<doorstep::Clock&>(*sharedClock) : systemClock;
  doorstep::SystemIdSource ids;
  doorstep::platform::FileSecretStore secrets(folder.toStdString(), ids);
  doorstep::platform::FileDeviceSigner signer(folder.toStdString());
  doorstep::platform::NoFixSource fixes;
  doorstep::platform::Platform platform{clock, ids, secrets, signer, fixes};

  doorstep::app::AppContext::Options options;
  options.folder = folder.toStdString();
  options.deviceDescription = QSysInfo::prettyProductName().toStdString();
  options.clockIsReal = !sharedClock;
  doorstep::app::LivePhoneGateway gateway(options, platform);
  // The app is active again: exchange now, without waiting for the back-off.
  QObject::connect(&application, &QGuiApplication::applicationStateChanged, &gateway,
                   [&gateway](Qt::ApplicationState state) {
                     if (state == Qt::ApplicationActive && gateway.unlocked())
                       gateway.syncNow();
                   });

  QQmlApplicationEngine engine;
  engine.addImportPath(QStringLiteral("qrc:/qt/qml"));
  const QStringList size = parser.value(kSize).split(QLatin1Char('x'));
  engine.setInitialProperties(
      {{QStringLiteral("gateway"), QVariant::fromValue<PhoneGateway*>(&gateway)},
       {QStringLiteral("width"), size.value(0).toInt()},
       {QStringLiteral("height"), size.value(1).toInt()}});
  engine.load(QUrl(QStringLiteral("qrc:/qt/qml/Doorstep/Shell/PhoneWindow.qml")));
  auto* window = qobject_cast<QQuickWindow*>(engine.rootObjects().value(0));
  if (!window)
    return 1;
  const doorstep::app::AppDriver driver(parser, gateway, *window, sinceMain);
  return QGuiApplication::exec();
}
