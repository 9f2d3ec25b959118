// SPDX-License-Identifier: Apache-2.0
// doorstep-gallery: every page in its normal, empty, offline and error states, on the fake phone.
#include <QCommandLineParser>
#include <QDir>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QQmlApplicationEngine>
#include <QQuickItem>
#include <QQuickWindow>
#include <cstdio>
#include <vector>

#include "app/gallery/fake_phone_gateway.h"
#include "app/ui/modules.h"
#include "app/ui/shell/look.h"
Q_IMPORT_QML_PLUGIN(Doorstep_GalleryPlugin)

namespace {

using doorstep::ui::FakePhoneGateway;

struct Case {
  const char* name;
  const char* scenario;
  int visit = -1;          // index in the round; -1: none is open
  const char* place = "";  // "office"
  const char* sheet = "";  // object name, opened as it is
  int outcome = 0;         // for the task sheet
  const char* type = "";   // digits typed, or "text" for the enrolment's text
};

const std::vector<Case> kCases = {
    {"enrol", "notEnrolled"},
    {"enrol-damaged", "damaged"},
    {"enrol-pin", "notEnrolled", -1, "", "", 0, "text"},
    {"unlock", "locked", -1, "", "", 0, "24"},
    {"unlock-wait", "lockedWait"},
    {"round", "normal"},
    {"round-at-work", "atWork"},
    {"round-fourteen", "fourteen"},
    {"round-finished", "evening"},
    {"round-long-words", "longWords"},
    {"round-empty", "empty"},
    {"round-no-plan", "noPlan"},
    {"round-offline", "offline"},
    {"round-error", "error"},
    {"round-awaits-code", "awaitsCode"},
    {"round-needs-code", "needsCode"},
    {"round-wrong-date", "wrongDate"},
    {"round-strange-text", "strangeText"},
    {"round-night", "night"},
    {"visit-night", "night", 0},
    {"visit-strange-text", "strangeText", 0},
    {"visit-before", "normal", 0},
    {"visit-two-carers", "normal", 1},
    {"visit-at-work", "atWork", 1},
    {"visit-finished", "atWork", 0},
    {"visit-long-words", "longWords", 0},
    {"visit-cancelled", "fourteen", 6},
    {"visit-error", "error", 1},
    {"sheet-how", "atWork", 1, "", "taskSheet", 1},
    {"sheet-why", "atWork", 1, "", "taskSheet", 3},
    {"sheet-note", "atWork", 1, "", "noteSheet"},
    {"sheet-no-entry", "normal", 0, "", "noEntrySheet"},
    {"sheet-late", "normal", 0, "", "delaySheet"},
    {"sheet-leave", "atWork", 1, "", "leaveSheet"},
    {"office", "atWork", -1, "office"},
    {"office-empty", "normal", -1, "office"},
    {"office-all", "evening", -1, "office"},
    {"office-fourteen", "fourteen", -1, "office"},
    {"office-offline", "offline", -1, "office"},
    {"office-error", "error", -1, "office"},
    {"office-long-words", "longWords", -1, "office"},
};

void settle(int ms) {
  QElapsedTimer passed;
  passed.start();
  while (passed.elapsed() < ms)
    QCoreApplication::processEvents(QEventLoop::AllEvents, 10);
}

template <typename... Arguments>
void call(QObject* object, const char* method, Arguments... arguments) {
  if (object)
    QMetaObject::invokeMethod(object, method, arguments...);
}

void show(const Case& shown, FakePhoneGateway& phone, QQuickWindow& window) {
  phone.setScenario(QString::fromLatin1(shown.scenario));
  auto* shell = window.property("shell").value<QObject*>();
  settle(20);
  if (shown.visit >= 0) {
    const auto& visits = phone.round().visits;
    const auto id = visits.at(static_cast<std::size_t>(shown.visit)).visit.value;
    call(shell, "openVisit", Q_ARG(QString, QString::number(id)));
  }
  shell->setProperty("place", *shown.place       ? QString::fromLatin1(shown.place)
                              : shown.visit >= 0 ? QStringLiteral("visit")
                                                 : QStringLiteral("round"));
  settle(20);
  if (qstrcmp(shown.type, "text") == 0) {
    if (auto* field = window.findChild<QObject*>(QStringLiteral("enrolText")))
      field->setProperty("text", QStringLiteral("doorstep-enrol:1:sample"));
    call(window.findChild<QObject*>(QStringLiteral("next")), "clicked");
  }
  for (const char* digit = shown.type; *digit >= '0' && *digit <= '9'; ++digit)
    call(window.findChild<QObject*>(QStringLiteral("digit%1").arg(QLatin1Char(*digit))), "clicked");
  if (*shown.sheet) {
    auto* sheet = window.findChild<QObject*>(QString::fromLatin1(shown.sheet));
    if (shown.outcome != 0)
      call(sheet, "ask", Q_ARG(int, 3), Q_ARG(QString, QStringLiteral("Breakfast")),
           Q_ARG(int, shown.outcome));
    else
      call(sheet, "open");
  }
  settle(60);
}

void leave(const Case& shown, QQuickWindow& window) {
  if (*shown.sheet)
    call(window.findChild<QObject*>(QString::fromLatin1(shown.sheet)), "close");
  settle(20);
}

bool grabAll(const QString& folder, const QString& suffix, const QString& only,
             FakePhoneGateway& phone, QQuickWindow& window) {
  QDir().mkpath(folder);
  bool saved = true;
  for (const Case& shown : kCases) {
    if (!only.isEmpty() && !QString::fromLatin1(shown.name).contains(only))
      continue;
    show(shown, phone, window);
    const QString path =
        QStringLiteral("%1/%2%3.png").arg(folder, QString::fromLatin1(shown.name), suffix);
    saved = window.grabWindow().save(path) && saved;
    leave(shown, window);
  }
  return saved;
}

}  // namespace

int main(int argc, char** argv) {
  QGuiApplication application(argc, argv);
  QCommandLineParser parser;
  parser.setApplicationDescription(
      QStringLiteral("Doorstep's pages in every state, on a fake phone."));
  parser.addHelpOption();
  parser.addOptions(
      {{QStringLiteral("grab"), QStringLiteral("Save every page as PNG in <folder> and end."),
        QStringLiteral("folder")},
       {QStringLiteral("size"), QStringLiteral("Window size, for example 412x915 or 1280x800."),
        QStringLiteral("size"), QStringLiteral("412x915")},
       {QStringLiteral("case"),
        QStringLiteral("Only cases whose name holds <text>; shows the first without --grab."),
        QStringLiteral("text")},
       {QStringLiteral("language"), QStringLiteral("en or pl."), QStringLiteral("tag"),
        QStringLiteral("en")}});
  parser.process(application);
  doorstep::ui::applyLook(application,
                          parser.value(QStringLiteral("language")).toLatin1().constData());

  FakePhoneGateway phone;
  phone.setScenario(QStringLiteral("normal"));
  QQmlApplicationEngine engine;
  engine.addImportPath(QStringLiteral("qrc:/qt/qml"));
  const QStringList size = parser.value(QStringLiteral("size")).split(QLatin1Char('x'));
  engine.setInitialProperties(
      {{QStringLiteral("gateway"), QVariant::fromValue<doorstep::ui::PhoneGateway*>(&phone)},
       {QStringLiteral("width"), size.value(0).toInt()},
       {QStringLiteral("height"), size.value(1).toInt()}});
  engine.load(QUrl(QStringLiteral("qrc:/qt/qml/Doorstep/Shell/PhoneWindow.qml")));
  auto* window = qobject_cast<QQuickWindow*>(engine.rootObjects().value(0));
  if (!window)
    return 1;
  const QString only = parser.value(QStringLiteral("case"));
  if (parser.isSet(QStringLiteral("grab"))) {
    const QString suffix = size.value(0).toInt() >= 840 ? QStringLiteral("-tablet") : QString();
    return grabAll(parser.value(QStringLiteral("grab")), suffix, only, phone, *window) ? 0 : 1;
  }
  for (const Case& shown : kCases) {
    if (!only.isEmpty() && QString::fromLatin1(shown.name).contains(only)) {
      show(shown, phone, *window);
      break;
    }
  }
  return application.exec();
}
