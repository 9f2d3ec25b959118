// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Doorstep.Design
import Doorstep.Visit

// How late the carer expects to be.
Sheet {
    id: sheet

    required property VisitModel model

    objectName: "delaySheet"
    title: qsTr("How late will you be?")
    subtitle: model.person

    GridLayout {
        columns: 2
        columnSpacing: Theme.gapSmall
        rowSpacing: Theme.gapSmall
        Layout.fillWidth: true

        Repeater {
            model: [10, 15, 20, 30, 45, 60]

            ActionButton {
                required property int modelData

                objectName: "delay" + modelData
                text: qsTr("%n min", "", modelData)
                Layout.fillWidth: true
                Layout.preferredHeight: Theme.keyTarget
                onClicked: {
                    sheet.model.announceDelay(modelData);
                    sheet.close();
                }
            }
        }
    }
}
