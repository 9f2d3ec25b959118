// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Doorstep.Design
import Doorstep.Office

Item {
    id: page

    required property OfficeModel model
    // On a tablet the page stands beside the round: there is nothing to go back to.
    property bool closable: true
    readonly property bool officeMustLook: model.quarantined > 0 || model.contradicted
    readonly property bool officeHasAll: model.waiting === 0 && !model.empty && !officeMustLook

    signal closed()

    RowLayout {
        id: header

        anchors { top: parent.top; horizontalCenter: parent.horizontalCenter }
        anchors.topMargin: Theme.gapSmall
        width: Math.min(parent.width, Theme.columnWidth + Theme.touchTarget) - Theme.margin
        spacing: Theme.gapSmall

        IconButton {
            objectName: "back"
            visible: page.closable
            text: qsTr("Back")
            iconName: "back"
            onClicked: page.closed()
        }
        Heading {
            text: qsTr("What the office has")
            Layout.fillWidth: true
        }
        IconButton {
            objectName: "lock"
            text: qsTr("Lock the app")
            iconName: "lock"
            onClicked: page.model.lock()
        }
    }
    ListView {
        id: list

        anchors { top: header.bottom; bottom: bar.top; horizontalCenter: parent.horizontalCenter }
        anchors.topMargin: Theme.gapSmall
        width: Math.min(parent.width, Theme.columnWidth + Theme.touchTarget) - 2 * Theme.margin
        model: page.model.rows
        spacing: Theme.gapSmall
        clip: true
        boundsBehavior: Flickable.StopAtBounds

        topMargin: facts.implicitHeight + Theme.gap
        bottomMargin: Theme.margin
        // What is new in the facts is seen. positionViewAtBeginning() would show the first row.
        onTopMarginChanged: contentY = originY - topMargin

        // Above the first row, scrolled with it. Not `header`: a view of Qt 6.4 cannot make one
        // that is a bound component.
        ColumnLayout {
            id: facts

            parent: list.contentItem
            y: -height - Theme.gap
            width: list.width
            spacing: Theme.gap

            Card {
                Layout.fillWidth: true
                Layout.preferredHeight: figures.implicitHeight + 2 * Theme.margin

                ColumnLayout {
                    id: figures

                    anchors {
                        left: parent.left
                        right: parent.right
                        verticalCenter: parent.verticalCenter
                        margins: Theme.margin
                    }
                    spacing: Theme.gapSmall

                    RowLayout {
                        spacing: Theme.gap

                        Icon {
                            name: page.model.waiting > 0 ? "on_phone"
                                : page.model.empty ? "office"
                                : page.officeMustLook ? "alert" : "at_office"
                            color: page.officeHasAll ? Theme.good
                                : page.officeMustLook ? Theme.caution : Theme.inkSoft
                            Layout.preferredWidth: Theme.iconLarge
                            Layout.preferredHeight: Theme.iconLarge
                        }
                        Heading {
                            objectName: "summary"
                            text: page.model.waiting > 0
                                ? qsTr("%n on this phone only", "", page.model.waiting)
                                : page.model.empty ? qsTr("Nothing recorded yet")
                                : page.officeMustLook ? qsTr("Everything is sent")
                                : qsTr("The office has everything")
                            color: page.officeHasAll ? Theme.good : Theme.ink
                            Layout.fillWidth: true
                        }
                    }
                    TextLine {
                        visible: page.model.waiting > 0
                        text: qsTr("It is kept. It goes to the office by itself.")
                        Layout.fillWidth: true
                    }
                    TextLine {
                        objectName: "lastContact"
                        text: qsTr("Last contact: %1").arg(page.model.lastContact)
                        color: Theme.inkSoft
                        Layout.fillWidth: true
                    }
                    TextLine {
                        text: page.model.planVersion.length > 0
                            ? qsTr("Plan: version %1").arg(page.model.planVersion)
                            : qsTr("No plan yet")
                        color: Theme.inkSoft
                        Layout.fillWidth: true
                    }
                }
            }
            Banner {
                objectName: "offline"
                visible: page.model.offline
                text: qsTr("No connection now. Go on working.")
                Layout.fillWidth: true
            }
            Banner {
                objectName: "failure"
                visible: page.model.failure.length > 0
                kind: Banner.Danger
                text: page.model.failure
                Layout.fillWidth: true
            }
            Banner {
                objectName: "quarantined"
                visible: page.model.quarantined > 0
                text: qsTr("The office must look at %n record(s). Nothing is lost.", "",
                           page.model.quarantined)
                Layout.fillWidth: true
            }
            Banner {
                objectName: "contradicted"
                visible: page.model.contradicted
                kind: Banner.Danger
                text: qsTr("The office's book does not fit what this phone saw."
                           + " The phone sends everything again. Tell the office.")
                Layout.fillWidth: true
            }
        }
        delegate: OfficeRow {
            width: list.width
        }
    }
    ActionBar {
        id: bar

        anchors { left: parent.left; right: parent.right; bottom: parent.bottom }

        ActionButton {
            objectName: "syncNow"
            text: page.model.exchanging ? qsTr("Sending …") : qsTr("Send now")
            iconName: "refresh"
            Layout.fillWidth: true
            Layout.maximumWidth: Theme.columnWidth
            Layout.alignment: Qt.AlignHCenter
            Layout.preferredHeight: Theme.bigTarget
            onClicked: page.model.syncNow()
        }
    }
}
