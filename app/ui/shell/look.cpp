// SPDX-License-Identifier: Apache-2.0
#include "app/ui/shell/look.h"

#include <QFont>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QLocale>
#include <QTranslator>

namespace doorstep::ui {

void applyLook(QGuiApplication& application, const char* languageTag) {
  const QString tag = QString::fromLatin1(languageTag);
  const QLocale locale = tag.isEmpty() ? QLocale::system() : QLocale(tag);
  QLocale::setDefault(locale);
  auto* translator = new QTranslator(&application);
  if (translator->load(locale, QStringLiteral("doorstep"), QStringLiteral("_"),
                       QStringLiteral(":/i18n")))
    application.installTranslator(translator);

  // Android's font; if it is missing, the system's.
  const QString family = QStringLiteral("Roboto");
  if (QFontDatabase::families().contains(family)) {
    QFont font(family);
    font.setHintingPreference(QFont::PreferNoHinting);
    application.setFont(font);
  }
}

}  // namespace doorstep::ui
