// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Doorstep.Design

// What can be done now, at the lower edge, within reach of one thumb.
Rectangle {
    id: bar

    default property alias actions: column.data

    implicitHeight: column.implicitHeight + 2 * Theme.gap
    color: Theme.surface

    Rectangle {
        width: parent.width
        height: 1
        color: Theme.line
    }
    ColumnLayout {
        id: column

        anchors { fill: parent; margins: Theme.gap }
        spacing: Theme.gap
    }
}
