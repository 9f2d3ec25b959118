// SPDX-License-Identifier: Apache-2.0
#pragma once

class QGuiApplication;

namespace doorstep::ui {

// Sets up what must precede a QML engine: the font, and the texts of the system's language.
// languageTag: such as "pl"; empty: the system's. Thread: GUI.
void applyLook(QGuiApplication& application, const char* languageTag = "");

}  // namespace doorstep::ui
