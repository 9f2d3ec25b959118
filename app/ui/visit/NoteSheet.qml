// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Doorstep.Design
import Doorstep.Visit

// A note. What was typed stays in the field until the phone has kept it.
Sheet {
    id: sheet

    required property VisitModel model
    property bool sent: false

    objectName: "noteSheet"
    title: qsTr("Write a note")
    subtitle: model.person
    onOpened: field.forceActiveFocus()

    Connections {
        target: sheet.model
        function onVisitChanged() {
            field.clear();
        }
        function onKeepingChanged() {
            if (sheet.sent && !sheet.model.keeping && sheet.model.failure.length === 0) {
                field.clear();
                sheet.close();
            }
            sheet.sent = sheet.sent && sheet.model.keeping;
        }
    }
    NoteField {
        id: field

        objectName: "noteText"
        label: qsTr("Note")
        placeholderText: qsTr("Short words are good.")
        Layout.fillWidth: true
        Layout.preferredHeight: Math.max(implicitHeight, 3 * Theme.touchTarget)
    }
    Banner {
        objectName: "noteFailure"
        visible: text.length > 0
        kind: Banner.Danger
        text: sheet.model.failure
        Layout.fillWidth: true
    }
    ActionButton {
        objectName: "keepNote"
        kind: ActionButton.Primary
        text: qsTr("Keep")
        iconName: "check"
        Layout.fillWidth: true
        Layout.preferredHeight: Theme.bigTarget
        onClicked: {
            sheet.sent = true;
            sheet.model.addNote(field.text);
        }
    }
}
