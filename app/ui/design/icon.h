// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtQml/qqmlregistration.h>
#include <QColor>
#include <QString>
#include <QtQuick/QQuickPaintedItem>

namespace doorstep::ui {

// One of icons/*.svg in a colour of the theme. Decorative: the text beside it has the same meaning,
// so it has no accessible name. Painted without shaders, so it looks the same with the software
// renderer. Thread: GUI; paint() on the render thread while the GUI thread is blocked.
class Icon : public QQuickPaintedItem {
  Q_OBJECT
  QML_ELEMENT
  // File name in icons/ without extension.
  Q_PROPERTY(QString name READ name WRITE setName NOTIFY nameChanged REQUIRED)
  Q_PROPERTY(QColor color READ color WRITE setColor NOTIFY colorChanged REQUIRED)

 public:
  explicit Icon(QQuickItem* parent = nullptr);

  QString name() const { return name_; }
  void setName(const QString& name);
  QColor color() const { return color_; }
  void setColor(const QColor& color);
  void paint(QPainter* painter) override;

 Q_SIGNALS:
  void nameChanged();
  void colorChanged();

 private:
  void load();

  QString name_;
  QColor color_;
  QByteArray svg_;  // with the colour inserted
};

}  // namespace doorstep::ui
