// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Doorstep.Design
import Doorstep.Round

Item {
    id: page

    required property RoundModel model
    property string openVisit: ""

    signal visitChosen(string visit)
    signal officeChosen()
    signal codeChosen()
    signal newCodeChosen()

    // Fifteen rows at most: no need for a ListView.
    Flickable {
        id: list

        objectName: "roundList"
        anchors { top: parent.top; bottom: bar.top; left: parent.left; right: parent.right }
        contentHeight: column.implicitHeight + Theme.margin
        clip: true
        boundsBehavior: Flickable.StopAtBounds

        ColumnLayout {
            id: column

            x: Theme.margin
            width: list.width - 2 * Theme.margin
            spacing: Theme.gap

            RowLayout {
                Layout.topMargin: Theme.margin
                spacing: Theme.gap

                Heading {
                    text: page.model.dayText
                }
                TextLine {
                    text: page.model.carerName
                    color: Theme.inkSoft
                    horizontalAlignment: Text.AlignRight
                    elide: Text.ElideRight
                    wrapMode: Text.NoWrap
                    Layout.fillWidth: true
                }
            }
            Banner {
                objectName: "awaitsCode"
                visible: page.model.awaitsCode
                kind: Banner.Danger
                text: qsTr("This phone's storage was damaged. Go on working: it is kept."
                           + " Ask the office for a new code.")
                actionText: qsTr("I have the new code")
                Layout.fillWidth: true
                onActed: page.codeChosen()
            }
            Banner {
                objectName: "needsCode"
                visible: text.length > 0
                kind: Banner.Danger
                text: page.model.needsCode
                actionText: qsTr("I have the new code")
                Layout.fillWidth: true
                onActed: page.newCodeChosen()
            }
            Banner {
                objectName: "clockFault"
                visible: text.length > 0
                kind: Banner.Danger
                text: page.model.clockFault
                Layout.fillWidth: true
            }
            Banner {
                visible: page.model.officeMustLook
                text: qsTr("The office must look at something you recorded. You can go on.")
                Layout.fillWidth: true
            }
            NextVisit {
                objectName: "nextVisit"
                visible: page.model.hasNext
                model: page.model
                Layout.fillWidth: true
                onClicked: page.visitChosen(page.model.nextVisit)
            }
            Card {
                visible: !page.model.hasNext
                Layout.fillWidth: true
                Layout.preferredHeight: calm.implicitHeight + 2 * Theme.gapLarge

                ColumnLayout {
                    id: calm

                    anchors {
                        left: parent.left
                        right: parent.right
                        verticalCenter: parent.verticalCenter
                        margins: Theme.margin
                    }
                    spacing: Theme.gap

                    Icon {
                        name: page.model.empty ? "plan" : "check"
                        color: page.model.empty ? Theme.inkSoft : Theme.good
                        Layout.preferredWidth: Theme.iconLarge
                        Layout.preferredHeight: Theme.iconLarge
                        Layout.alignment: Qt.AlignHCenter
                    }
                    Heading {
                        objectName: "calmText"
                        text: page.model.planNeverCame ? qsTr("Your plan has not come yet")
                            : page.model.empty ? qsTr("No visits today")
                            : qsTr("All visits are finished")
                        horizontalAlignment: Text.AlignHCenter
                        Layout.fillWidth: true
                    }
                    TextLine {
                        visible: text.length > 0
                        text: page.model.planNeverCame
                            ? qsTr("Go where there is network. The plan comes by itself.") : ""
                        horizontalAlignment: Text.AlignHCenter
                        Layout.fillWidth: true
                    }
                }
            }
            Repeater {
                model: page.model.rows

                RoundRow {
                    current: visit === page.openVisit
                    Layout.fillWidth: true
                    onClicked: page.visitChosen(visit)
                }
            }
        }
    }
    ActionBar {
        id: bar

        anchors { left: parent.left; right: parent.right; bottom: parent.bottom }

        ActionButton {
            objectName: "toOffice"
            text: page.model.waiting > 0 ? qsTr("%n on this phone", "", page.model.waiting)
                : !page.model.anythingRecorded ? qsTr("What the office has")
                : page.model.officeMustLook ? qsTr("Everything is sent")
                : qsTr("The office has everything")
            iconName: page.model.waiting > 0 ? "on_phone"
                : !page.model.anythingRecorded ? "office"
                : page.model.officeMustLook ? "alert" : "at_office"
            Layout.fillWidth: true
            onClicked: page.officeChosen()
        }
    }
}
