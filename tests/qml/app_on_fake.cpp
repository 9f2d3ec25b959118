// SPDX-License-Identifier: Apache-2.0
#include "tests/qml/app_on_fake.h"

#include <QtTest>

namespace doorstep::ui {
namespace {

QQuickItem* findShown(QQuickItem* root, const QString& name) {
  if (!root->isVisible())
    return nullptr;
  if (root->objectName() == name)
    return root;
  for (QQuickItem* child : root->childItems())
    if (QQuickItem* found = findShown(child, name))
      return found;
  return nullptr;
}

}  // namespace

AppOnFake::AppOnFake(const QString& scenario) : engine_(std::make_unique<QQmlApplicationEngine>()) {
  phone.setScenario(scenario);
  engine_->addImportPath(QStringLiteral("qrc:/qt/qml"));
  engine_->setInitialProperties(
      {{QStringLiteral("gateway"), QVariant::fromValue<PhoneGateway*>(&phone)}});
  engine_->load(QUrl(QStringLiteral("qrc:/qt/qml/Doorstep/Shell/PhoneWindow.qml")));
  window = qobject_cast<QQuickWindow*>(engine_->rootObjects().value(0));
  if (window)
    (void)QTest::qWaitForWindowExposed(window);
}

QQuickItem* AppOnFake::item(const QString& name) const {
  return findShown(window->contentItem(), name);
}

bool AppOnFake::tap(const QString& name) {
  if (!QTest::qWaitFor([&] { return item(name) != nullptr; }))
    return false;
  QQuickItem* target = item(name);
  // Two frames: layouts settle, a sheet takes its place.
  (void)window->grabWindow();
  (void)window->grabWindow();
  const QPointF middle = target->mapToScene(QPointF(target->width() / 2, target->height() / 2));
  if (!QRectF(QPointF(0, 0), window->size()).contains(middle))
    return false;
  QTest::mouseClick(window, Qt::LeftButton, Qt::NoModifier, middle.toPoint());
  QCoreApplication::processEvents();
  return true;
}

bool AppOnFake::shows(const QString& name, const QString& text) {
  return QTest::qWaitFor([&] {
    const QQuickItem* shown = item(name);
    return shown && shown->property("text").toString() == text;
  });
}

bool AppOnFake::gone(const QString& name) {
  return QTest::qWaitFor([&] { return item(name) == nullptr; });
}

bool AppOnFake::typePin(const QString& digits) {
  for (const QChar digit : digits)
    if (!tap(QStringLiteral("digit") + digit))
      return false;
  return tap(QStringLiteral("finished"));
}

}  // namespace doorstep::ui
