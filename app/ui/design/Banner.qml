// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Doorstep.Design

// A sentence that must be seen, with what can be done about it at most once.
Rectangle {
    id: banner

    enum Kind { Good, Caution, Danger }
    property int kind: Banner.Caution
    required property string text
    property string actionText: ""
    readonly property color tint: kind === Banner.Danger ? Theme.danger
        : kind === Banner.Good ? Theme.good : Theme.caution

    signal acted()

    implicitHeight: column.implicitHeight + 2 * Theme.gap
    radius: Theme.radius
    color: kind === Banner.Danger ? Theme.dangerSoft
        : kind === Banner.Good ? Theme.goodSoft : Theme.cautionSoft
    Accessible.role: Accessible.AlertMessage
    Accessible.name: banner.text

    ColumnLayout {
        id: column

        anchors {
            left: parent.left
            right: parent.right
            verticalCenter: parent.verticalCenter
            margins: Theme.gap
        }
        spacing: Theme.gapSmall

        RowLayout {
            spacing: Theme.gap

            Icon {
                name: banner.kind === Banner.Good ? "check" : "alert"
                color: banner.tint
                Layout.preferredWidth: Theme.icon
                Layout.preferredHeight: Theme.icon
                Layout.alignment: Qt.AlignTop
            }
            Text {
                textFormat: Text.PlainText
                text: banner.text
                color: banner.tint
                font.pixelSize: Theme.text
                font.weight: Font.DemiBold
                wrapMode: Text.Wrap
                Layout.fillWidth: true
                Accessible.ignored: true
            }
        }
        ActionButton {
            objectName: banner.objectName + "Action"
            visible: banner.actionText.length > 0
            text: banner.actionText
            Layout.fillWidth: true
            onClicked: banner.acted()
        }
    }
}
