// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Doorstep.Design

TextLine {
    font.pixelSize: Theme.textTitle
    font.weight: Font.Bold
    Accessible.role: Accessible.Heading
}
