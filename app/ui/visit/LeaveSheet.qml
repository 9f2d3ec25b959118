// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Doorstep.Design
import Doorstep.Visit

// Says what is still open before a carer leaves. It asks; it never blocks.
Sheet {
    id: sheet

    required property VisitModel model

    objectName: "leaveSheet"
    title: qsTr("%n task(s) still open", "", model.tasksOpen)
    subtitle: model.person

    ActionButton {
        kind: ActionButton.Primary
        text: qsTr("Back to the tasks")
        iconName: "back"
        Layout.fillWidth: true
        Layout.preferredHeight: Theme.bigTarget
        onClicked: sheet.close()
    }
    ActionButton {
        objectName: "leaveAnyway"
        text: qsTr("Leave now")
        iconName: "leave"
        Layout.fillWidth: true
        Layout.preferredHeight: Theme.bigTarget
        onClicked: {
            sheet.model.checkOut();
            sheet.close();
        }
    }
}
