// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Doorstep.Design
import Doorstep.Visit

// Asks what an outcome needs and nothing more: how for "done", why for "not done", both for "part".
Sheet {
    id: sheet

    required property VisitModel model
    property int number: 0
    property int outcome: VisitModel.NotRecorded
    property int reason: 0
    readonly property bool asksOutcome: outcome === VisitModel.NotRecorded
    readonly property bool asksReason: reason === 0
        && (outcome === VisitModel.NotDone || outcome === VisitModel.PartlyDone)

    function ask(taskNumber: int, taskText: string, taskOutcome: int) {
        number = taskNumber;
        subtitle = taskText;
        outcome = taskOutcome;
        reason = 0;
        open();
    }
    function choose(value: int) {
        if (asksOutcome)
            outcome = value;
        else if (asksReason && outcome === VisitModel.PartlyDone)
            reason = value;
        else
            keep(asksReason ? value : reason, asksReason ? 0 : value);
    }
    function keep(why: int, how: int) {
        model.recordTask(number, outcome, why, how);
        close();
    }

    objectName: "taskSheet"
    title: asksOutcome ? qsTr("What is right?") : asksReason ? qsTr("Why?") : qsTr("How?")

    GridLayout {
        columns: sheet.asksReason ? 2 : 1
        columnSpacing: Theme.gapSmall
        rowSpacing: Theme.gapSmall
        Layout.fillWidth: true

        Repeater {
            model: sheet.asksOutcome ? [
                    { value: VisitModel.Done, text: qsTr("Done"), icon: "check" },
                    { value: VisitModel.PartlyDone, text: qsTr("Part"), icon: "half" },
                    { value: VisitModel.NotDone, text: qsTr("Not done"), icon: "cross" }
                ]
                : sheet.asksReason ? sheet.model.notDoneChoices : sheet.model.independenceChoices

            Choice {
                required property var modelData

                objectName: "choice" + modelData.value
                text: modelData.text
                iconName: modelData.icon
                Layout.fillWidth: true
                Layout.fillHeight: true
                Layout.preferredWidth: Theme.touchTarget
                onClicked: sheet.choose(modelData.value)
            }
        }
    }
}
