// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Doorstep.Design

// A word and an icon to tap. It is never disabled: what is not possible now is not shown.
// The content is always needed: that an id makes it at once costs nothing.
// qmllint disable deferred-property-id
T.Button {
    id: button

    enum Kind { Primary, Plain, Danger, Quiet }
    property int kind: ActionButton.Plain
    property string iconName: ""
    property bool stacked: false

    readonly property bool filled: kind === ActionButton.Primary
    readonly property color tint: filled ? Theme.inkOnPrimary
        : kind === ActionButton.Danger ? Theme.danger : Theme.primary

    implicitHeight: Math.max(stacked ? Theme.bigTarget : Theme.touchTarget,
                             label.implicitHeight + 2 * Theme.gapSmall)
    implicitWidth: Math.max(Theme.touchTarget, label.implicitWidth + 2 * Theme.margin)
    padding: Theme.gapSmall
    font.family: Theme.fontFamily
    font.pixelSize: stacked ? Theme.text : Theme.textButton
    font.weight: Font.DemiBold
    Accessible.onPressAction: button.clicked()

    background: Rectangle {
        radius: Theme.radius
        color: button.filled ? (button.down ? Theme.primaryPressed : Theme.primary)
            : button.down ? Theme.primarySoft
            : button.kind === ActionButton.Quiet ? "transparent" : Theme.surface
        border.width: button.visualFocus ? 2 * Theme.stroke
            : button.filled || button.kind === ActionButton.Quiet ? 0 : Theme.stroke
        border.color: button.visualFocus ? Theme.ink : button.tint
    }
    contentItem: Item {
        implicitWidth: label.implicitWidth
        implicitHeight: label.implicitHeight

        GridLayout {
            id: label

            anchors.centerIn: parent
            width: Math.min(implicitWidth, parent.width)
            flow: button.stacked ? GridLayout.TopToBottom : GridLayout.LeftToRight
            rowSpacing: 2
            columnSpacing: Theme.gapSmall

            Icon {
                visible: button.iconName.length > 0
                name: button.iconName
                color: button.tint
                Layout.preferredWidth: Theme.icon
                Layout.preferredHeight: Theme.icon
                Layout.alignment: Qt.AlignCenter
            }
            Text {
                textFormat: Text.PlainText
                text: button.text
                font: button.font
                color: button.tint
                wrapMode: Text.Wrap
                horizontalAlignment: Text.AlignHCenter
                Layout.fillWidth: true
                Layout.alignment: Qt.AlignCenter
                Accessible.ignored: true
            }
        }
    }
}
