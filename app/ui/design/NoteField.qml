// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Templates as T
import Doorstep.Design

// Several lines of text.
T.TextArea {
    id: field

    required property string label

    implicitHeight: Math.max(4 * Theme.touchTarget / 2, contentHeight + topPadding + bottomPadding)
    padding: Theme.gap
    color: Theme.ink
    font.family: Theme.fontFamily
    font.pixelSize: Theme.text
    wrapMode: TextEdit.Wrap
    selectByMouse: true
    selectionColor: Theme.primarySoft
    selectedTextColor: Theme.ink
    placeholderTextColor: Theme.inkSoft
    Accessible.role: Accessible.EditableText
    Accessible.name: field.label
    Accessible.multiLine: true

    background: Rectangle {
        radius: Theme.radius
        color: Theme.surface
        border.color: field.activeFocus ? Theme.primary : Theme.inkSoft
        border.width: field.activeFocus ? 2 * Theme.stroke : Theme.stroke

        Text {
            textFormat: Text.PlainText
            anchors { fill: parent; margins: Theme.gap }
            visible: field.text.length === 0 && field.preeditText.length === 0
            text: field.placeholderText
            color: field.placeholderTextColor
            font: field.font
            wrapMode: Text.Wrap
            Accessible.ignored: true
        }
    }
}
