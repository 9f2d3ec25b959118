// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Doorstep.Design
import Doorstep.Gateway

// The app's only window. A desktop gives it the size of a phone.
Window {
    id: window

    required property PhoneGateway gateway
    property alias shell: shell

    width: 412
    height: 915
    visible: true
    title: "Doorstep"
    color: Theme.ground

    AppShell {
        id: shell

        anchors.fill: parent
        gateway: window.gateway
    }
}
