// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Doorstep.Design
import Doorstep.Round

// A visit of the round in one line, two with a long name.
// The content is always needed: that an id makes it at once costs nothing.
// qmllint disable deferred-property-id
T.AbstractButton {
    id: row

    required property string visit
    required property string person
    required property string time
    required property string day
    required property string service
    required property string colleagues
    required property int progress
    required property string progressText
    required property int office
    property bool current: false

    readonly property bool over: progress >= RoundModel.CheckedOut
    readonly property color tint: over ? Theme.inkSoft : Theme.ink

    implicitHeight: Math.max(Theme.bigTarget, line.implicitHeight + 2 * Theme.gap)
    padding: Theme.gap
    readonly property var spokenParts: [
        day, time, person, service, colleagues, progressText, mark.words
    ]

    text: spokenParts.filter(part => part.length > 0).join(", ")
    Accessible.role: Accessible.Button
    Accessible.onPressAction: row.clicked()

    background: Rectangle {
        radius: Theme.radius
        color: row.down || row.current ? Theme.primarySoft
            : row.over ? "transparent" : Theme.surface
        border.width: row.visualFocus || row.current ? Theme.stroke : 1
        border.color: row.visualFocus || row.current ? Theme.primary : Theme.line
    }
    contentItem: RowLayout {
        id: line

        spacing: Theme.gap

        ColumnLayout {
            spacing: 2
            Layout.alignment: Qt.AlignTop

            Text {
                textFormat: Text.PlainText
                text: row.time
                color: row.tint
                font.pixelSize: Theme.textTitle
                font.weight: Font.Bold
                font.strikeout: row.progress === RoundModel.Cancelled
                Accessible.ignored: true
            }
            Text {
                textFormat: Text.PlainText
                visible: row.day.length > 0
                text: row.day
                color: Theme.inkSoft
                font.pixelSize: Theme.textSmall
                Accessible.ignored: true
            }
        }
        ColumnLayout {
            spacing: 2
            Layout.alignment: Qt.AlignVCenter

            Text {
                textFormat: Text.PlainText
                text: row.person
                color: row.tint
                font.pixelSize: Theme.textButton
                font.weight: row.over ? Font.Normal : Font.DemiBold
                wrapMode: Text.Wrap
                Layout.fillWidth: true
                Accessible.ignored: true
            }
            Text {
                textFormat: Text.PlainText
                text: row.progressText.length > 0 ? row.progressText : row.service
                color: Theme.inkSoft
                font.pixelSize: Theme.textSmall
                wrapMode: Text.Wrap
                Layout.fillWidth: true
                Accessible.ignored: true
            }
            Text {
                textFormat: Text.PlainText
                visible: row.colleagues.length > 0 && !row.over
                text: row.colleagues
                color: Theme.primary
                font.pixelSize: Theme.textSmall
                font.weight: Font.DemiBold
                wrapMode: Text.Wrap
                Layout.fillWidth: true
                Accessible.ignored: true
            }
        }
        OfficeMark {
            id: mark

            place: row.office
            withText: false
            Accessible.ignored: true
        }
    }
}
