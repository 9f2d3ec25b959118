// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Doorstep.Design

// A text that wraps and that a screen reader finds (a plain Text is not in its tree in Qt 6.4).
Text {
    id: line

    color: Theme.ink
    font.pixelSize: Theme.text
    wrapMode: Text.Wrap
    textFormat: Text.PlainText
    Accessible.role: Accessible.StaticText
    Accessible.name: line.text
    Accessible.ignored: line.text.length === 0
}
