// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtQml/qqmlextensionplugin.h>

// The static QML modules. A program that shows the app includes this once, in the file of its
// main().
Q_IMPORT_QML_PLUGIN(Doorstep_DesignPlugin)
Q_IMPORT_QML_PLUGIN(Doorstep_GatewayPlugin)
Q_IMPORT_QML_PLUGIN(Doorstep_EnrolPlugin)
Q_IMPORT_QML_PLUGIN(Doorstep_UnlockPlugin)
Q_IMPORT_QML_PLUGIN(Doorstep_RoundPlugin)
Q_IMPORT_QML_PLUGIN(Doorstep_VisitPlugin)
Q_IMPORT_QML_PLUGIN(Doorstep_OfficePlugin)
Q_IMPORT_QML_PLUGIN(Doorstep_ShellPlugin)
