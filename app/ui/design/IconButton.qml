// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Templates as T
import Doorstep.Design

// An icon to tap; its text is only spoken.
T.Button {
    id: button

    required property string iconName

    implicitWidth: Theme.touchTarget
    implicitHeight: Theme.touchTarget
    Accessible.name: button.text
    Accessible.onPressAction: button.clicked()

    background: Rectangle {
        radius: Theme.radius
        color: button.down ? Theme.primarySoft : "transparent"
        border.width: button.visualFocus ? 2 * Theme.stroke : 0
        border.color: Theme.ink
    }
    contentItem: Item {
        Icon {
            anchors.centerIn: parent
            width: Theme.icon
            height: Theme.icon
            name: button.iconName
            color: Theme.primary
        }
    }
}
