// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtQml/qqmlextensionplugin.h>

// Imports the static QML modules. Include once, in the file with main() of a program that shows the
// app.
Q_IMPORT_QML_PLUGIN(Doorstep_DesignPlugin)
Q_IMPORT_QML_PLUGIN(Doorstep_GatewayPlugin)
Q_IMPORT_QML_PLUGIN(Doorstep_EnrolPlugin)
Q_IMPORT_QML_PLUGIN(Doorstep_UnlockPlugin)
Q_IMPORT_QML_PLUGIN(Doorstep_RoundPlugin)
Q_IMPORT_QML_PLUGIN(Doorstep_VisitPlugin)
Q_IMPORT_QML_PLUGIN(Doorstep_OfficePlugin)
Q_IMPORT_QML_PLUGIN(Doorstep_ShellPlugin)
