// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Doorstep.Design
import Doorstep.Visit

Item {
    id: page

    required property VisitModel model

    signal closed()

    Connections {
        target: page.model
        function onKept() {
            keptLine.shown = true;
            keptTimer.restart();
        }
        function onVisitChanged() {
            flick.contentY = 0;
            keptLine.shown = false;
        }
    }
    TaskSheet { id: taskSheet; model: page.model }
    NoteSheet { id: noteSheet; model: page.model }
    NoEntrySheet { id: noEntrySheet; model: page.model }
    DelaySheet { id: delaySheet; model: page.model }
    LeaveSheet { id: leaveSheet; model: page.model }
    Timer { id: keptTimer; interval: 2500; onTriggered: keptLine.shown = false }

    RowLayout {
        id: top

        anchors {
            top: parent.top
            left: parent.left
            right: parent.right
            topMargin: Theme.gapSmall
            leftMargin: Theme.gapSmall
            rightMargin: Theme.margin
        }
        spacing: Theme.gapSmall

        IconButton {
            objectName: "back"
            text: qsTr("Back")
            iconName: "back"
            onClicked: page.closed()
        }
        TextLine {
            text: page.model.time
            font.pixelSize: Theme.textTitle
            font.weight: Font.Bold
            Layout.fillWidth: true
        }
        // The answer of the journal, not of the finger.
        RowLayout {
            id: keptLine

            property bool shown: false

            visible: shown
            spacing: 4

            Icon {
                name: "check"
                color: Theme.good
                Layout.preferredWidth: Theme.iconSmall
                Layout.preferredHeight: Theme.iconSmall
            }
            TextLine {
                objectName: "kept"
                text: qsTr("Kept")
                color: Theme.good
                font.weight: Font.Bold
                Accessible.role: Accessible.AlertMessage
            }
        }
    }
    Flickable {
        id: flick

        objectName: "visitFlick"
        anchors {
            top: top.bottom
            bottom: actions.visible ? actions.top : parent.bottom
            left: parent.left
            right: parent.right
        }
        contentHeight: column.implicitHeight + 2 * Theme.margin
        clip: true
        boundsBehavior: Flickable.StopAtBounds

        ColumnLayout {
            id: column

            x: (flick.width - width) / 2
            y: Theme.gapSmall
            width: Math.min(flick.width, 1.4 * Theme.columnWidth) - 2 * Theme.margin
            spacing: Theme.gap

            Banner {
                objectName: "newerApp"
                visible: page.model.newerApp
                text: qsTr("Part of this was recorded with a newer app. Update the app to see it.")
                Layout.fillWidth: true
            }
            Banner {
                objectName: "failure"
                visible: page.model.failure.length > 0
                kind: Banner.Danger
                text: page.model.failure
                actionText: qsTr("OK")
                Layout.fillWidth: true
                onActed: page.model.dismissFailure()
            }
            VisitHeader {
                model: page.model
                Layout.fillWidth: true
            }
            Repeater {
                model: page.model.tasks

                TaskCard {
                    canRecord: page.model.canRecord
                    Layout.fillWidth: true
                    onAnswered: outcome => taskSheet.ask(number, text, outcome)
                    onReopened: taskSheet.ask(number, text, VisitModel.NotRecorded)
                }
            }
            Repeater {
                model: page.model.notes

                RowLayout {
                    id: note

                    required property string text
                    required property string time

                    spacing: Theme.gap

                    Icon {
                        name: "note"
                        color: Theme.inkSoft
                        Layout.preferredWidth: Theme.icon
                        Layout.preferredHeight: Theme.icon
                        Layout.alignment: Qt.AlignTop
                    }
                    TextLine {
                        text: note.time + "  " + note.text
                        Layout.fillWidth: true
                    }
                }
            }
        }
    }
    VisitActions {
        id: actions

        anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
        model: page.model
        onNoteAsked: noteSheet.open()
        onDelayAsked: delaySheet.open()
        onNoEntryAsked: noEntrySheet.open()
        onLeaveAsked: page.model.tasksOpen > 0 ? leaveSheet.open() : page.model.checkOut()
    }
}
