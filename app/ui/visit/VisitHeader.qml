// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Doorstep.Design
import Doorstep.Visit

// Who, when, with whom, how to get in, and how far the visit is.
ColumnLayout {
    id: header

    required property VisitModel model

    spacing: Theme.gap

    TextLine {
        objectName: "person"
        text: header.model.person
        font.pixelSize: Theme.textName
        font.weight: Font.Bold
        Accessible.role: Accessible.Heading
        Layout.fillWidth: true
    }
    TextLine {
        text: header.model.service
        color: Theme.inkSoft
        Layout.fillWidth: true
    }
    RowLayout {
        visible: header.model.colleagues.length > 0
        spacing: Theme.gap

        Icon {
            name: "people"
            color: Theme.primary
            Layout.preferredWidth: Theme.icon
            Layout.preferredHeight: Theme.icon
        }
        TextLine {
            text: header.model.colleagues
            color: Theme.primary
            font.weight: Font.DemiBold
            Layout.fillWidth: true
        }
    }
    Card {
        visible: header.model.accessNote.length > 0 && header.model.canCheckIn
        color: Theme.primarySoft
        Layout.fillWidth: true
        Layout.preferredHeight: wayIn.implicitHeight + 2 * Theme.gap

        RowLayout {
            id: wayIn

            anchors {
                left: parent.left
                right: parent.right
                verticalCenter: parent.verticalCenter
                margins: Theme.gap
            }
            spacing: Theme.gap

            Icon {
                name: "key"
                color: Theme.primary
                Layout.preferredWidth: Theme.icon
                Layout.preferredHeight: Theme.icon
                Layout.alignment: Qt.AlignTop
            }
            TextLine {
                text: header.model.accessNote
                font.pixelSize: Theme.textButton
                Layout.fillWidth: true
            }
        }
    }
    RowLayout {
        visible: header.model.progressText.length > 0
        spacing: Theme.gap

        TextLine {
            objectName: "progress"
            text: header.model.progressText
            font.pixelSize: Theme.textButton
            font.weight: Font.Bold
            Layout.fillWidth: true
        }
        OfficeMark {
            place: header.model.office
            Layout.maximumWidth: header.width / 2
        }
    }
    TextLine {
        visible: header.model.announcedDelayMin > 0 && header.model.canCheckIn
        text: qsTr("You told the office: %n min late", "", header.model.announcedDelayMin)
        color: Theme.caution
        font.weight: Font.DemiBold
        Layout.fillWidth: true
    }
}
