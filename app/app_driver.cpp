// SPDX-License-Identifier: Apache-2.0
#include "app/app_driver.h"

#include <QCoreApplication>
#include <QFile>
#include <cstdio>

namespace doorstep::app {
namespace {

using ui::PhoneGateway;

constexpr int kPollMs = 20;
constexpr int kGrabTimeoutMs = 20'000;  // after that a plan is shown as missing
constexpr int kDrawMs = 150;            // time to draw the last change

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

}  // namespace

QList<QCommandLineOption> driverOptions() { return {kEnrol, kPin, kPlace, kGrab, kMeasure}; }

AppDriver::AppDriver(const QCommandLineParser& parser, PhoneGateway& gateway, QQuickWindow& window,
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
  connect(&gateway_, &PhoneGateway::accessChanged, this, &AppDriver::onAccess);
  connect(&poll_, &QTimer::timeout, this, &AppDriver::look);
  if (ends())
    poll_.start(kPollMs);
}

bool AppDriver::ends() const { return parser_.isSet(kGrab) || parser_.isSet(kMeasure); }

void AppDriver::onAccess() {
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

// Whether the requested page is complete: the plan has arrived, or nothing more will.
bool AppDriver::there() const {
  if (!gateway_.unlocked())
    return !parser_.isSet(kPin) && gateway_.access() != PhoneGateway::Access::Starting;
  return gateway_.round().planVersion != 0;
}

void AppDriver::open() {
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

void AppDriver::look() {
  if (firstFrameMs_ < 0 || (!there() && sinceMain_.elapsed() < kGrabTimeoutMs))
    return;
  poll_.stop();
  thereMs_ = sinceMain_.elapsed();
  if (gateway_.unlocked())
    open();
  QTimer::singleShot(kDrawMs, this, &AppDriver::finish);
}

void AppDriver::finish() {
  bool saved = true;
  if (parser_.isSet(kGrab))
    saved = window_.grabWindow().save(parser_.value(kGrab));
  if (parser_.isSet(kMeasure))
    std::printf("{\"first_frame_ms\":%lld,\"page_ms\":%lld,\"rss_kb\":%ld,\"visits_today\":%zu}\n",
                static_cast<long long>(firstFrameMs_), static_cast<long long>(thereMs_),
                residentKb(), gateway_.round().visits.size());
  std::fflush(stdout);
  QCoreApplication::exit(saved ? 0 : 1);
}

}  // namespace doorstep::app
