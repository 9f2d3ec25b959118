// SPDX-License-Identifier: Apache-2.0
#include "app/ui/design/icon.h"

#include <QFile>
#include <QPainter>
#include <QSvgRenderer>

namespace doorstep::ui {

Icon::Icon(QQuickItem* parent) : QQuickPaintedItem(parent) { setAntialiasing(true); }

void Icon::setName(const QString& name) {
  if (name_ == name)
    return;
  name_ = name;
  load();
  Q_EMIT nameChanged();
}

void Icon::setColor(const QColor& color) {
  if (color_ == color)
    return;
  color_ = color;
  load();
  Q_EMIT colorChanged();
}

void Icon::load() {
  svg_.clear();
  QFile file(QStringLiteral(":/qt/qml/Doorstep/Design/icons/%1.svg").arg(name_));
  if (!name_.isEmpty() && file.open(QIODevice::ReadOnly))
    svg_ = file.readAll().replace("currentColor", color_.name().toLatin1());
  update();
}

void Icon::paint(QPainter* painter) {
  if (svg_.isEmpty())
    return;
  QSvgRenderer renderer(svg_);
  renderer.render(painter, boundingRect());
}

}  // namespace doorstep::ui
