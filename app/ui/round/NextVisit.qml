// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Doorstep.Design
import Doorstep.Round

// The one visit that matters now, as one large target.
// The content is always needed: that an id makes it at once costs nothing.
// qmllint disable deferred-property-id
T.AbstractButton {
    id: next

    required property RoundModel model

    implicitHeight: column.implicitHeight + 2 * Theme.margin
    padding: Theme.margin
    readonly property var spokenParts: [
        model.nextInProgress ? qsTr("You are here") : qsTr("Next"), model.nextDay,
        model.nextTime, model.nextPerson, model.nextService, model.nextColleagues
    ]

    text: spokenParts.filter(part => part.length > 0).join(", ")
    Accessible.role: Accessible.Button
    Accessible.onPressAction: next.clicked()

    background: Rectangle {
        radius: Theme.radius
        color: next.down ? Theme.primaryPressed : Theme.primary
        border.width: next.visualFocus ? 2 * Theme.stroke : 0
        border.color: Theme.ink
    }
    contentItem: ColumnLayout {
        id: column

        spacing: Theme.gapSmall

        RowLayout {
            spacing: Theme.gapSmall

            Icon {
                name: next.model.nextInProgress ? "arrive" : "clock"
                color: Theme.inkOnPrimary
                Layout.preferredWidth: Theme.icon
                Layout.preferredHeight: Theme.icon
            }
            Text {
                textFormat: Text.PlainText
                text: next.model.nextInProgress ? qsTr("You are here") : qsTr("Next")
                color: Theme.inkOnPrimary
                font.pixelSize: Theme.textButton
                font.weight: Font.DemiBold
                Layout.fillWidth: true
                Accessible.ignored: true
            }
        }
        Text {
            visible: next.model.nextDay.length > 0
            textFormat: Text.PlainText
            text: next.model.nextDay
            color: Theme.inkOnPrimary
            font.pixelSize: Theme.text
            font.weight: Font.DemiBold
            Accessible.ignored: true
        }
        Text {
            textFormat: Text.PlainText
            text: next.model.nextTime
            color: Theme.inkOnPrimary
            font.pixelSize: Theme.textClock
            font.weight: Font.Bold
            Accessible.ignored: true
        }
        Text {
            textFormat: Text.PlainText
            text: next.model.nextPerson
            color: Theme.inkOnPrimary
            font.pixelSize: Theme.textName
            font.weight: Font.Bold
            wrapMode: Text.Wrap
            Layout.fillWidth: true
            Accessible.ignored: true
        }
        Text {
            textFormat: Text.PlainText
            text: next.model.nextService
            color: Theme.inkOnPrimary
            font.pixelSize: Theme.text
            wrapMode: Text.Wrap
            Layout.fillWidth: true
            Accessible.ignored: true
        }
        RowLayout {
            visible: next.model.nextColleagues.length > 0
            spacing: Theme.gapSmall

            Icon {
                name: "people"
                color: Theme.inkOnPrimary
                Layout.preferredWidth: Theme.icon
                Layout.preferredHeight: Theme.icon
            }
            Text {
                textFormat: Text.PlainText
                text: next.model.nextColleagues
                color: Theme.inkOnPrimary
                font.pixelSize: Theme.text
                font.weight: Font.DemiBold
                wrapMode: Text.Wrap
                Layout.fillWidth: true
                Accessible.ignored: true
            }
        }
        Rectangle {
            radius: Theme.radius
            color: Theme.surface
            Layout.topMargin: Theme.gapSmall
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.touchTarget

            Row {
                anchors.centerIn: parent
                spacing: Theme.gapSmall

                Text {
                    textFormat: Text.PlainText
                    text: next.model.nextInProgress ? qsTr("Go on") : qsTr("Open")
                    color: Theme.primary
                    font.pixelSize: Theme.textButton
                    font.weight: Font.Bold
                    anchors.verticalCenter: parent.verticalCenter
                    Accessible.ignored: true
                }
                Icon {
                    name: "forward"
                    color: Theme.primary
                    width: Theme.icon
                    height: Theme.icon
                    anchors.verticalCenter: parent.verticalCenter
                }
            }
        }
    }
}
