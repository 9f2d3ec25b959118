// SPDX-License-Identifier: Apache-2.0
#include <private/qguiapplication_p.h>
#include <qpa/qplatformaccessibility.h>
#include <qpa/qplatformintegration.h>
#include <QAccessible>
#include <QtTest>
#include <functional>

#include "app/ui/modules.h"
#include "tests/qml/app_on_fake.h"
Q_IMPORT_QML_PLUGIN(Doorstep_GalleryPlugin)

using doorstep::ui::AppOnFake;
using doorstep::ui::FakePhoneGateway;

namespace {

constexpr int kTargetPx = 48;

void walk(QAccessibleInterface* node, const std::function<void(QAccessibleInterface*)>& visit) {
  if (!node || node->state().invisible)
    return;
  visit(node);
  for (int i = 0; i < node->childCount(); ++i)
    walk(node->child(i), visit);
}

QAccessibleInterface* find(QQuickWindow* window,
                           const std::function<bool(QAccessibleInterface*)>& fits) {
  QAccessibleInterface* found = nullptr;
  walk(QAccessible::queryAccessibleInterface(window), [&](QAccessibleInterface* node) {
    if (!found && fits(node))
      found = node;
  });
  return found;
}

bool press(QQuickWindow* window, const QString& name) {
  QAccessibleInterface* node = nullptr;
  const bool there = QTest::qWaitFor([&] {
    node = find(window, [&](QAccessibleInterface* n) {
      return n->role() == QAccessible::Button && n->text(QAccessible::Name).startsWith(name);
    });
    return node != nullptr;
  });
  if (!there || !node->actionInterface())
    return false;
  node->actionInterface()->doAction(QAccessibleActionInterface::pressAction());
  return true;
}

}  // namespace

// The app as assistive technology sees it.
class Accessibility : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    QGuiApplicationPrivate::platformIntegration()->accessibility()->setActive(true);
  }

  void everyControlHasANameAndASizeForGloves_data() {
    QTest::addColumn<QString>("scenario");
    QTest::addColumn<QString>("place");
    for (const QString& scenario : FakePhoneGateway::scenarios())
      for (const char* place : {"round", "office", "visit"})
        QTest::addRow("%s %s", qPrintable(scenario), place)
            << scenario << QString::fromLatin1(place);
  }

  void everyControlHasANameAndASizeForGloves() {
    QFETCH(QString, scenario);
    QFETCH(QString, place);
    AppOnFake app(scenario);
    auto* shell = app.window->property("shell").value<QObject*>();
    if (place == QLatin1String("visit") && !app.phone.round().visits.empty())
      QMetaObject::invokeMethod(
          shell, "openVisit",
          Q_ARG(QString, QString::number(app.phone.round().visits.back().visit.value)));
    else if (place != QLatin1String("visit"))
      shell->setProperty("place", place);
    (void)app.window->grabWindow();  // laid out
    int controls = 0;
    walk(QAccessible::queryAccessibleInterface(app.window), [&](QAccessibleInterface* node) {
      const QAccessible::Role role = node->role();
      const bool control = role == QAccessible::Button || role == QAccessible::EditableText ||
                           role == QAccessible::CheckBox;
      if (!control)
        return;
      ++controls;
      const QString name = node->text(QAccessible::Name);
      QVERIFY2(!name.isEmpty(), qPrintable(QStringLiteral("a control without a name at %1,%2")
                                               .arg(node->rect().x())
                                               .arg(node->rect().y())));
      QVERIFY2(node->rect().width() >= kTargetPx && node->rect().height() >= kTargetPx,
               qPrintable(name));
    });
    if (scenario != QLatin1String("lockedWait"))
      QVERIFY(controls > 0);
  }

  void aVisitCanBeRecordedWithoutTouchingTheScreen() {
    AppOnFake app(QStringLiteral("normal"));
    QVERIFY(press(app.window, QStringLiteral("Next, 08:00")));
    QVERIFY(press(app.window, QStringLiteral("I am here")));
    QTRY_COMPARE(app.phone.journal().size(), 1);
    QVERIFY(press(app.window, QStringLiteral("Wash and dress: Not done")));
    QVERIFY(press(app.window, QStringLiteral("Asleep")));
    QTRY_COMPARE(app.phone.journal().value(1),
                 QStringLiteral("task 1 outcome 3 reason 2 independence 0"));
    QVERIFY(press(app.window, QStringLiteral("I leave now")));
    QVERIFY(press(app.window, QStringLiteral("Leave now")));
    QTRY_COMPARE(app.phone.journal().value(2), QStringLiteral("check-out"));
  }

  void aPressRecordsOnce() {
    AppOnFake app(QStringLiteral("normal"));
    QVERIFY(press(app.window, QStringLiteral("Next, 08:00")));
    QVERIFY(press(app.window, QStringLiteral("I will be late")));
    QVERIFY(press(app.window, QStringLiteral("20 min")));
    QTRY_VERIFY(!app.phone.journal().isEmpty());
    QCoreApplication::processEvents();
    QCOMPARE(app.phone.journal(), QStringList(QStringLiteral("late 20")));
  }
};

QTEST_MAIN(Accessibility)
#include "accessibility_test.moc"
