// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Doorstep.Design

// A question from the lower edge, where the thumb is. Closes by its cross, by the back key and by a
// tap beside it; nothing is recorded then.
// The content is always needed: that an id makes it at once costs nothing.
// qmllint disable deferred-property-id
T.Popup {
    id: sheet

    required property string title
    property string subtitle: ""
    default property alias choices: body.data

    parent: T.Overlay.overlay
    width: Math.min(parent ? parent.width : implicitWidth, Theme.columnWidth)
    height: Math.min(implicitHeight, parent ? parent.height * 0.94 : implicitHeight)
    implicitHeight: header.implicitHeight + body.implicitHeight + 3 * Theme.margin
    x: parent ? (parent.width - width) / 2 : 0
    y: parent ? parent.height - height : 0
    modal: true
    focus: true
    padding: Theme.margin
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside

    T.Overlay.modal: Rectangle { color: Theme.veil }

    background: Rectangle {
        color: Theme.ground
        radius: Theme.radius

        Rectangle {
            anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
            height: Theme.radius
            color: Theme.ground
        }
    }
    contentItem: Item {
        RowLayout {
            id: header

            anchors { left: parent.left; right: parent.right; top: parent.top }
            spacing: Theme.gap

            ColumnLayout {
                spacing: 2

                Heading {
                    text: sheet.title
                    Layout.fillWidth: true
                }
                TextLine {
                    visible: text.length > 0
                    text: sheet.subtitle
                    color: Theme.inkSoft
                    Layout.fillWidth: true
                }
            }
            IconButton {
                objectName: "closeSheet"
                text: qsTr("Close")
                iconName: "cross"
                Layout.alignment: Qt.AlignTop
                onClicked: sheet.close()
            }
        }
        Flickable {
            anchors {
                left: parent.left
                right: parent.right
                top: header.bottom
                topMargin: Theme.margin
                bottom: parent.bottom
            }
            contentHeight: body.implicitHeight
            clip: true
            boundsBehavior: Flickable.StopAtBounds

            ColumnLayout {
                id: body

                width: parent.width
                spacing: Theme.gap
            }
        }
    }
}
