// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Doorstep.Design

// How much of one visit the office has.
Card {
    id: row

    required property string person
    required property string time
    required property int waiting
    required property int atTheOffice
    required property int office
    readonly property int recorded: atTheOffice + waiting

    implicitHeight: line.implicitHeight + 2 * Theme.gap

    RowLayout {
        id: line

        anchors {
            left: parent.left
            right: parent.right
            verticalCenter: parent.verticalCenter
            margins: Theme.gap
        }
        spacing: Theme.gap

        ColumnLayout {
            spacing: 2

            TextLine {
                text: row.person
                font.weight: Font.DemiBold
                Layout.fillWidth: true
            }
            TextLine {
                text: row.time
                color: Theme.inkSoft
                font.pixelSize: Theme.textSmall
                Layout.fillWidth: true
            }
        }
        ColumnLayout {
            spacing: 2
            Layout.maximumWidth: row.width * 0.45

            OfficeMark {
                place: row.office
                Layout.alignment: Qt.AlignRight
            }
            TextLine {
                visible: text.length > 0
                text: row.waiting > 0 && row.atTheOffice > 0
                    ? qsTr("%1 of %2").arg(row.atTheOffice).arg(row.recorded) : ""
                Accessible.name: qsTr("The office has %1 of %2").arg(row.atTheOffice)
                                                                 .arg(row.recorded)
                color: Theme.inkSoft
                font.pixelSize: Theme.textSmall
                Layout.alignment: Qt.AlignRight
            }
        }
    }
}
