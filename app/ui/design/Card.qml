// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Doorstep.Design

// A white ground with a quiet edge.
Rectangle {
    color: Theme.surface
    radius: Theme.radius
    border.color: Theme.line
    border.width: 1
}
