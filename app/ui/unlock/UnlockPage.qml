// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Doorstep.Design
import Doorstep.Unlock

Item {
    id: page

    required property UnlockModel model

    ColumnLayout {
        anchors.centerIn: parent
        width: Math.min(parent.width, Theme.columnWidth) - 2 * Theme.margin
        spacing: Theme.gapLarge

        Icon {
            name: "lock"
            color: Theme.primary
            Layout.preferredWidth: Theme.iconLarge
            Layout.preferredHeight: Theme.iconLarge
            Layout.alignment: Qt.AlignHCenter
        }
        Heading {
            text: page.model.checking ? qsTr("Please wait") : qsTr("Your PIN")
            horizontalAlignment: Text.AlignHCenter
            Layout.fillWidth: true
        }
        Banner {
            objectName: "message"
            visible: page.model.waitSeconds > 0 || page.model.message.length > 0
            kind: Banner.Danger
            text: page.model.waitSeconds > 0 ? qsTr("Wrong PIN.") + " " + page.model.waitText
                : page.model.message
            Layout.fillWidth: true
        }
        PinPad {
            visible: page.model.waitSeconds === 0
            opacity: page.model.checking ? 0.4 : 1
            filled: page.model.filledDigits
            Layout.fillWidth: true
            onDigit: value => page.model.typeDigit(value)
            onErased: page.model.eraseDigit()
            onFinished: page.model.finish()
        }
        TextLine {
            visible: page.model.waitSeconds > 0
            text: qsTr("What you recorded is kept. Forgot the PIN? Call the office.")
            horizontalAlignment: Text.AlignHCenter
            Layout.fillWidth: true
        }
    }
}
