// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Doorstep.Design
import Doorstep.Visit

// Why the visit cannot take place.
Sheet {
    id: sheet

    required property VisitModel model

    objectName: "noEntrySheet"
    title: qsTr("No entry: why?")
    subtitle: model.person

    Repeater {
        model: sheet.model.noEntryChoices

        Choice {
            required property var modelData

            objectName: "choice" + modelData.value
            text: modelData.text
            iconName: modelData.icon
            Layout.fillWidth: true
            onClicked: {
                sheet.model.reportNoEntry(modelData.value);
                sheet.close();
            }
        }
    }
}
