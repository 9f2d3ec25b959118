// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Doorstep.Design

// One of a few answers in a sheet: icon and words in a whole row or half of one.
// The content is always needed: that an id makes it at once costs nothing.
// qmllint disable deferred-property-id
T.Button {
    id: choice

    required property string iconName

    implicitHeight: Math.max(Theme.bigTarget, row.implicitHeight + 2 * Theme.gap)
    implicitWidth: row.implicitWidth + leftPadding + rightPadding
    padding: Theme.gap
    rightPadding: Theme.gapSmall
    font.family: Theme.fontFamily
    font.pixelSize: Theme.text
    font.weight: Font.DemiBold
    Accessible.onPressAction: choice.clicked()

    background: Rectangle {
        radius: Theme.radius
        color: choice.down ? Theme.primarySoft : Theme.surface
        border.width: choice.visualFocus ? 2 * Theme.stroke : Theme.stroke
        border.color: choice.visualFocus ? Theme.ink : Theme.line
    }
    contentItem: RowLayout {
        id: row

        spacing: Theme.gapSmall

        Icon {
            name: choice.iconName
            color: Theme.primary
            Layout.preferredWidth: Theme.icon
            Layout.preferredHeight: Theme.icon
        }
        Text {
            textFormat: Text.PlainText
            text: choice.text
            font: choice.font
            color: Theme.ink
            wrapMode: Text.Wrap
            Layout.fillWidth: true
            Accessible.ignored: true
        }
    }
}
