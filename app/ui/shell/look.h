// SPDX-License-Identifier: Apache-2.0
#pragma once

class QGuiApplication;

namespace doorstep::ui {

// What has to be set before a QML engine exists: the font, the texts of the system's language.
// languageTag: "pl" and the like; empty for the system's. Thread: GUI.
void applyLook(QGuiApplication& application, const char* languageTag = "");

}  // namespace doorstep::ui
