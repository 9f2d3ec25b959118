// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Doorstep.Design
import Doorstep.Enrol

Item {
    id: page

    required property EnrolModel model
    signal withoutCode()

    readonly property bool typing: model.step === EnrolModel.ChoosePin
        || model.step === EnrolModel.RepeatPin

    Flickable {
        anchors { top: parent.top; bottom: actions.top; horizontalCenter: parent.horizontalCenter }
        width: Math.min(parent.width, Theme.columnWidth)
        contentHeight: column.implicitHeight + 2 * Theme.margin
        boundsBehavior: Flickable.StopAtBounds

        ColumnLayout {
            id: column

            x: Theme.margin
            y: Theme.margin
            width: parent.width - 2 * Theme.margin
            spacing: Theme.margin

            RowLayout {
                spacing: Theme.gap

                Icon {
                    name: page.typing ? "lock" : "qr"
                    color: Theme.primary
                    Layout.preferredWidth: Theme.iconLarge
                    Layout.preferredHeight: Theme.iconLarge
                }
                Heading {
                    text: page.model.step === EnrolModel.ChoosePin ? qsTr("Choose a PIN")
                        : page.model.step === EnrolModel.RepeatPin ? qsTr("Type the PIN again")
                        : qsTr("Set up this phone")
                    Layout.fillWidth: true
                }
            }
            Banner {
                objectName: "message"
                visible: text.length > 0
                kind: Banner.Danger
                text: page.model.message
                Layout.fillWidth: true
            }
            Banner {
                visible: page.model.journalDamaged
                kind: Banner.Danger
                text: qsTr("This phone's storage was damaged. Ask the office for a new code."
                           + " What can be read is kept.")
                Layout.fillWidth: true
            }
            TextLine {
                text: page.model.step === EnrolModel.Working
                    ? qsTr("Please wait. The phone talks to the office.")
                    : page.typing
                    ? qsTr("You need it each time you open the app. 4 digits or more.")
                    : qsTr("Ask the office for your code. Paste it here.")
                Layout.fillWidth: true
            }
            NoteField {
                id: field

                objectName: "enrolText"
                visible: page.model.step === EnrolModel.PasteText
                label: qsTr("Code from the office")
                placeholderText: qsTr("The code starts with doorstep-enrol")
                wrapMode: TextEdit.WrapAnywhere
                inputMethodHints: Qt.ImhNoPredictiveText | Qt.ImhNoAutoUppercase
                Layout.fillWidth: true
                Layout.preferredHeight: Math.min(Math.max(implicitHeight, 2.5 * Theme.touchTarget),
                                                 5 * Theme.touchTarget)
            }
            ActionButton {
                visible: field.visible && field.text.length === 0
                text: qsTr("Paste")
                iconName: "paste"
                Layout.fillWidth: true
                onClicked: field.paste()
            }
            ActionButton {
                objectName: "withoutCode"
                visible: page.model.canGoOn && page.model.step === EnrolModel.PasteText
                text: qsTr("I have no code yet: go on working")
                iconName: "forward"
                Layout.fillWidth: true
                onClicked: page.withoutCode()
            }
            PinPad {
                visible: page.typing
                filled: page.model.filledDigits
                Layout.topMargin: Theme.gap
                Layout.fillWidth: true
                onDigit: value => page.model.typeDigit(value)
                onErased: page.model.eraseDigit()
                onFinished: page.model.finishPin()
            }
        }
    }
    ActionBar {
        id: actions

        anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
        visible: page.model.step !== EnrolModel.Working

        ActionButton {
            objectName: "next"
            visible: page.model.step === EnrolModel.PasteText
            kind: ActionButton.Primary
            text: qsTr("Next")
            iconName: "forward"
            Layout.fillWidth: true
            Layout.maximumWidth: Theme.columnWidth
            Layout.alignment: Qt.AlignHCenter
            Layout.preferredHeight: Theme.bigTarget
            onClicked: page.model.takeText(field.text)
        }
        ActionButton {
            visible: page.typing
            kind: ActionButton.Quiet
            text: qsTr("Back")
            iconName: "back"
            Layout.fillWidth: true
            Layout.maximumWidth: Theme.columnWidth
            Layout.alignment: Qt.AlignHCenter
            onClicked: page.model.back()
        }
    }
}
