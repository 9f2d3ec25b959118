// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Doorstep.Design
import Doorstep.Visit

// A task: three answers while it is open, one line once it is recorded.
Card {
    id: card

    required property int number
    required property string text
    required property bool important
    required property int outcome
    required property string outcomeText
    required property bool canRecord

    readonly property bool open: outcome === VisitModel.NotRecorded
    readonly property color tint: outcome === VisitModel.Done ? Theme.good
        : outcome === VisitModel.PartlyDone ? Theme.caution : Theme.danger

    signal answered(int outcome)
    signal reopened()

    implicitHeight: column.implicitHeight + 2 * Theme.gap
    color: open ? Theme.surface
        : outcome === VisitModel.Done ? Theme.goodSoft
        : outcome === VisitModel.PartlyDone ? Theme.cautionSoft : Theme.dangerSoft

    ColumnLayout {
        id: column

        anchors {
            left: parent.left
            right: parent.right
            verticalCenter: parent.verticalCenter
            margins: Theme.gap
        }
        spacing: Theme.gap

        RowLayout {
            spacing: Theme.gap

            Icon {
                visible: !card.open
                name: card.outcome === VisitModel.Done ? "check"
                    : card.outcome === VisitModel.PartlyDone ? "half" : "cross"
                color: card.tint
                Layout.preferredWidth: Theme.icon
                Layout.preferredHeight: Theme.icon
            }
            ColumnLayout {
                spacing: 2

                TextLine {
                    text: card.text
                    font.pixelSize: Theme.textButton
                    font.weight: Font.DemiBold
                    Layout.fillWidth: true
                }
                TextLine {
                    objectName: "outcome" + card.number
                    visible: text.length > 0
                    text: card.outcomeText
                    color: card.tint
                    font.weight: Font.DemiBold
                    Layout.fillWidth: true
                }
                RowLayout {
                    visible: card.important && card.open
                    spacing: 4

                    Icon {
                        name: "alert"
                        color: Theme.danger
                        Layout.preferredWidth: Theme.iconSmall
                        Layout.preferredHeight: Theme.iconSmall
                    }
                    TextLine {
                        text: qsTr("Important")
                        color: Theme.danger
                        font.pixelSize: Theme.textSmall
                        font.weight: Font.Bold
                    }
                }
            }
            ActionButton {
                objectName: "change" + card.number
                visible: !card.open && card.canRecord
                kind: ActionButton.Quiet
                text: qsTr("Change")
                font.pixelSize: Theme.textSmall
                Accessible.name: qsTr("Change: %1").arg(card.text)
                onClicked: card.reopened()
            }
        }
        RowLayout {
            visible: card.canRecord && card.open
            spacing: Theme.gapSmall

            Repeater {
                model: [{ outcome: VisitModel.Done, text: qsTr("Done"), icon: "check" },
                    { outcome: VisitModel.PartlyDone, text: qsTr("Part"), icon: "half" },
                    { outcome: VisitModel.NotDone, text: qsTr("Not done"), icon: "cross" }]

                ActionButton {
                    required property var modelData

                    objectName: "task" + card.number + "outcome" + modelData.outcome
                    stacked: true
                    text: modelData.text
                    iconName: modelData.icon
                    Accessible.name: qsTr("%1: %2").arg(card.text).arg(modelData.text)
                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    Layout.preferredWidth: Theme.touchTarget
                    onClicked: card.answered(modelData.outcome)
                }
            }
        }
    }
}
