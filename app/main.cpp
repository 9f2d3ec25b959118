// SPDX-License-Identifier: Apache-2.0
// doorstep-app: the carer's app. Its options serve developers, the demo and benchmarks.
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QFile>
#include <QGuiApplication>
#include <QQmlApplicationEngine>
#include <QQuickWindow>
#include <QStandardPaths>
#include <QSysInfo>
#include <QTimer>
#include <cstdio>

#include "app/live_phone_gateway.h"
#include "app/platform/desktop_platform.h"
#include "app/ui/modules.h"
#include "app/ui/shell/look.h"
#include "shared/core/clock.h"
#include "shared/core/id_source.h"
#include "shared/core/shared_clock.h"

namespace {

using doorstep::ui::PhoneGateway;

constexpr int kPollMs = 20;
constexpr int kGrabTimeoutMs = 20'000;  // a plan that has not come by then is shown as missing
constexpr int kDrawMs = 150;            // the last change is on the screen

const QCommandLineOption kDir(QStringLiteral("dir"),
                              QStringLiteral("The phone's folder; made when it is missing."),
                              QStringLiteral("folder"));
const QCommandLineOption kClock(QStringLiteral("clock"),
                                QStringLiteral("Take the time from a shared clock's file."),
                                QStringLiteral("file"));
const QCommandLineOption kEnrol(QStringLiteral("enrol"),
                                QStringLiteral("Enrol with the text in <file>; needs --pin."),
                                QStringLiteral("file"));
const QCommandLineOption kPin(
    QStringLiteral("pin"),
    QStringLiteral("Unlock with this PIN. For demos: other users of the machine can read it."),
    QStringLiteral("digits"));
const QCommandLineOption kPlace(
    QStringLiteral("place"),
    QStringLiteral("Page to open once unlocked: round, visit (the next one) or office."),
    QStringLiteral("page"), QStringLiteral("round"));
const QCommandLineOption kSize(QStringLiteral("size"), QStringLiteral("Window size."),
                               QStringLiteral("width>x<height"), QStringLiteral("412x915"));
const QCommandLineOption kLanguage(QStringLiteral("language"),
                                   QStringLiteral("Language in place of the system's: en or pl."),
                                   QStringLiteral("tag"));
const QCommandLineOption kGrab(
    QStringLiteral("grab"),
    QStringLiteral("Save the window as PNG when the page is there, and end."),
    QStringLiteral("file"));
const QCommandLineOption kMeasure(
    QStringLiteral("measure-start"),
    QStringLiteral("Print times since main() and memory as JSON when the page is there, and end."));

// Resident memory, kB.
long residentKb() {
  QFile status(QStringLiteral("/proc/self/status"));
  if (!status.open(QIODevice::ReadOnly))
    return 0;
  for (const QByteArray& line : status.readAll().split('\n'))
    if (line.startsWith("VmRSS:"))
      return line.mid(6).trimmed().split(' ').value(0).toLong();
  return 0;
}

// Carries out --enrol, --pin, --place, --grab and --measure-start.
class Driver : public QObject {
 public:
  Driver(const QCommandLineParser& parser, PhoneGateway& gateway, QQuickWindow& window,
         const QElapsedTimer& sinceMain)
      : parser_(parser), gateway_(gateway), window_(window), sinceMain_(sinceMain) {
    connect(&window_, &QQuickWindow::frameSwapped, this, [this] {
      if (firstFrameMs_ < 0)
        firstFrameMs_ = sinceMain_.elapsed();
    });
    const auto refused = [this](const QString& reason) {
      if (!reason.isEmpty()) {
        std::fprintf(stderr, "doorstep-app: %s\n", qPrintable(reason));
        if (ends())
          QCoreApplication::exit(1);
      }
    };
    connect(&gateway_, &PhoneGateway::enrolAnswered, this, refused);
    connect(&gateway_, &PhoneGateway::unlockAnswered, this, refused);
    connect(&gateway_, &PhoneGateway::accessChanged, this, &Driver::onAccess);
    connect(&poll_, &QTimer::timeout, this, &Driver::look);
    if (ends())
      poll_.start(kPollMs);
  }

 private:
  bool ends() const { return parser_.isSet(kGrab) || parser_.isSet(kMeasure); }

  void onAccess() {
    const QString pin = parser_.value(kPin);
    if (gateway_.access() == PhoneGateway::Access::NotEnrolled && parser_.isSet(kEnrol)) {
      QFile file(parser_.value(kEnrol));
      if (file.open(QIODevice::ReadOnly))
        gateway_.enrol(QString::fromUtf8(file.readAll()).trimmed(), pin);
      else
        std::fprintf(stderr, "doorstep-app: cannot read %s\n", qPrintable(file.fileName()));
    } else if (gateway_.access() == PhoneGateway::Access::Locked && !pin.isEmpty()) {
      gateway_.unlock(pin);
    }
  }

  // The page that was asked for is there: the plan has come, or nothing more will.
  bool there() const {
    if (!gateway_.unlocked())
      return !parser_.isSet(kPin) && gateway_.access() != PhoneGateway::Access::Starting;
    return gateway_.round().planVersion != 0;
  }

  void open() {
    auto* shell = window_.property("shell").value<QObject*>();
    const QString place = parser_.value(kPlace);
    if (place == QLatin1String("visit")) {
      for (const auto& visit : gateway_.round().visits)
        if (visit.isNext)
          QMetaObject::invokeMethod(shell, "openVisit",
                                    Q_ARG(QString, QString::number(visit.visit.value)));
    } else {
      shell->setProperty("place", place);
    }
  }

  void look() {
    if (firstFrameMs_ < 0 || (!there() && sinceMain_.elapsed() < kGrabTimeoutMs))
      return;
    poll_.stop();
    thereMs_ = sinceMain_.elapsed();
    if (gateway_.unlocked())
      open();
    QTimer::singleShot(kDrawMs, this, &Driver::finish);
  }

  void finish() {
    bool saved = true;
    if (parser_.isSet(kGrab))
      saved = window_.grabWindow().save(parser_.value(kGrab));
    if (parser_.isSet(kMeasure))
      std::printf(
          "{\"first_frame_ms\":%lld,\"page_ms\":%lld,\"rss_kb\":%ld,\"visits_today\":%zu}\n",
          static_cast<long long>(firstFrameMs_), static_cast<long long>(thereMs_), residentKb(),
          gateway_.round().visits.size());
    std::fflush(stdout);
    QCoreApplication::exit(saved ? 0 : 1);
  }

  const QCommandLineParser& parser_;
  PhoneGateway& gateway_;
  QQuickWindow& window_;
  const QElapsedTimer& sinceMain_;
  QTimer poll_;
  qint64 firstFrameMs_ = -1;
  qint64 thereMs_ = -1;
};

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
  parser.addOptions({kDir, kClock, kEnrol, kPin, kPlace, kSize, kLanguage, kGrab, kMeasure});
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
  // Back in the hand: say what is new without waiting for the back-off.
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
  const Driver driver(parser, gateway, *window, sinceMain);
  return QGuiApplication::exec();
}
