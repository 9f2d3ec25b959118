// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Doorstep.Design

// Twelve keys and a dot for each digit. It knows no digit: the view model keeps them.
ColumnLayout {
    id: pad

    required property int filled
    property int digitsMin: 4
    property bool ready: filled >= digitsMin

    signal digit(int value)
    signal erased()
    signal finished()

    spacing: Theme.gapLarge
    Layout.alignment: Qt.AlignHCenter

    Row {
        Layout.alignment: Qt.AlignHCenter
        spacing: Theme.margin
        Accessible.role: Accessible.StaticText
        Accessible.name: qsTr("%n digit(s)", "", pad.filled)

        Repeater {
            model: Math.max(pad.digitsMin, pad.filled)

            Rectangle {
                required property int index

                width: Theme.iconSmall
                height: Theme.iconSmall
                radius: width / 2
                color: index < pad.filled ? Theme.primary : "transparent"
                border.color: Theme.primary
                border.width: Theme.stroke
            }
        }
    }
    GridLayout {
        Layout.alignment: Qt.AlignHCenter
        Layout.fillWidth: true
        Layout.maximumWidth: 4 * Theme.keyTarget + Theme.gapLarge
        columns: 3
        rowSpacing: Theme.gap
        columnSpacing: Theme.gap

        Repeater {
            model: [1, 2, 3, 4, 5, 6, 7, 8, 9]

            ActionButton {
                required property int modelData

                text: String(modelData)
                objectName: "digit" + modelData
                font.pixelSize: Theme.textName
                Layout.fillWidth: true
                Layout.preferredWidth: Theme.keyTarget
                Layout.preferredHeight: Theme.keyTarget
                onClicked: pad.digit(modelData)
            }
        }
        IconButton {
            objectName: "erase"
            text: qsTr("Delete the last digit")
            iconName: "erase"
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.keyTarget
            onClicked: pad.erased()
        }
        ActionButton {
            objectName: "digit0"
            text: "0"
            font.pixelSize: Theme.textName
            Layout.fillWidth: true
            Layout.preferredWidth: Theme.keyTarget
            Layout.preferredHeight: Theme.keyTarget
            onClicked: pad.digit(0)
        }
        ActionButton {
            objectName: "finished"
            kind: pad.ready ? ActionButton.Primary : ActionButton.Quiet
            text: qsTr("OK")
            Layout.fillWidth: true
            Layout.preferredWidth: Theme.keyTarget
            Layout.preferredHeight: Theme.keyTarget
            Accessible.description: pad.ready ? ""
                : qsTr("Type at least %n digits first", "", pad.digitsMin)
            onClicked: if (pad.ready) pad.finished()
        }
    }
}
