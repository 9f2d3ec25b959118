// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Doorstep.Design
import Doorstep.Visit

// What the carer can do now: the one likely thing large and lowest, the rest above it.
ActionBar {
    id: bar

    required property VisitModel model

    signal noteAsked()
    signal delayAsked()
    signal noEntryAsked()
    signal leaveAsked()

    visible: model.canCheckIn || model.canRecord || model.canCheckOut || model.canReportNoEntry

    RowLayout {
        spacing: Theme.gapSmall
        Layout.fillWidth: true

        ActionButton {
            objectName: "late"
            visible: bar.model.canAnnounceDelay
            text: qsTr("Late")
            iconName: "clock"
            Accessible.name: qsTr("I will be late")
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.preferredWidth: Theme.touchTarget
            onClicked: bar.delayAsked()
        }
        ActionButton {
            objectName: "noEntry"
            visible: bar.model.canReportNoEntry
            text: qsTr("No entry")
            iconName: "door"
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.preferredWidth: Theme.touchTarget
            onClicked: bar.noEntryAsked()
        }
        ActionButton {
            objectName: "note"
            visible: bar.model.canRecord
            text: qsTr("Note")
            iconName: "note"
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.preferredWidth: Theme.touchTarget
            onClicked: bar.noteAsked()
        }
    }
    ActionButton {
        objectName: "checkIn"
        visible: bar.model.canCheckIn
        kind: ActionButton.Primary
        text: qsTr("I am here")
        iconName: "arrive"
        Layout.fillWidth: true
        Layout.preferredHeight: Theme.keyTarget
        onClicked: bar.model.checkIn()
    }
    ActionButton {
        objectName: "checkOut"
        visible: bar.model.canCheckOut
        kind: ActionButton.Primary
        text: qsTr("I leave now")
        iconName: "leave"
        Layout.fillWidth: true
        Layout.preferredHeight: Theme.keyTarget
        onClicked: bar.leaveAsked()
    }
}
