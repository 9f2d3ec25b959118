// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Doorstep.Design
import Doorstep.Enrol
import Doorstep.Gateway
import Doorstep.Office
import Doorstep.Round
import Doorstep.Unlock
import Doorstep.Visit

// Which page is shown. Pages signal, the shell goes. On a tablet the round stays beside what is
// open. No `pragma ComponentBehavior: Bound`: a Loader of Qt 6.4 cannot make a bound component.
// qmllint disable unqualified
Rectangle {
    id: shell

    required property PhoneGateway gateway
    // "round", "visit" or "office".
    property string place: "round"
    // The phone waits for a code, and the carer goes on with her PIN.
    property bool withoutCode: false
    // A device that needs a new code has one.
    property bool newCode: false
    readonly property bool atWork: gateway.unlocked && !newCode
    readonly property bool asksForCode: newCode || gateway.access === PhoneGateway.NotEnrolled
        || (gateway.access === PhoneGateway.JournalDamaged && !withoutCode)
    readonly property bool wide: width >= Theme.wideFrom

    function openVisit(visit: string) {
        visitModel.visit = visit;
        place = "visit";
    }

    color: Theme.ground
    focus: true
    Keys.onBackPressed: event => {
        event.accepted = place !== "round";
        place = "round";
    }
    Keys.onEscapePressed: place = "round"

    Connections {
        target: shell.gateway
        function onAccessChanged() {
            visitModel.visit = "";
            shell.place = "round";
            shell.withoutCode = false;
            shell.newCode = false;
        }
        function onEnrolAnswered(reason: string) {
            if (reason === "")
                shell.newCode = false;
        }
    }
    RoundModel { id: roundModel; gateway: shell.gateway }
    VisitModel { id: visitModel; gateway: shell.gateway }
    OfficeModel { id: officeModel; gateway: shell.gateway }

    Loader {
        anchors.fill: parent
        active: shell.asksForCode
        sourceComponent: EnrolPage {
            model: EnrolModel { gateway: shell.gateway }
            onWithoutCode: {
                shell.withoutCode = !shell.newCode;
                shell.newCode = false;
            }
        }
    }
    Loader {
        anchors.fill: parent
        active: shell.gateway.access === PhoneGateway.Locked
            || (shell.gateway.access === PhoneGateway.JournalDamaged && shell.withoutCode)
        sourceComponent: UnlockPage { model: UnlockModel { gateway: shell.gateway } }
    }
    Loader {
        anchors { top: parent.top; bottom: parent.bottom; left: parent.left }
        width: shell.wide ? Theme.roundPaneWidth : parent.width
        active: shell.atWork
        visible: shell.wide || shell.place === "round"
        sourceComponent: RoundPage {
            model: roundModel
            openVisit: shell.wide && shell.place === "visit" ? visitModel.visit : ""
            onVisitChosen: visit => shell.openVisit(visit)
            onOfficeChosen: shell.place = "office"
            onCodeChosen: shell.gateway.lock()
            onNewCodeChosen: shell.newCode = true
        }
    }
    Rectangle {
        visible: shell.wide && shell.atWork
        x: Theme.roundPaneWidth
        width: 1
        height: parent.height
        color: Theme.line
    }
    Loader {
        anchors { fill: parent; leftMargin: shell.wide ? Theme.roundPaneWidth + 1 : 0 }
        active: shell.atWork && shell.place === "visit"
        sourceComponent: VisitPage {
            model: visitModel
            onClosed: shell.place = "round"
        }
    }
    Loader {
        anchors { fill: parent; leftMargin: shell.wide ? Theme.roundPaneWidth + 1 : 0 }
        active: shell.atWork
            && (shell.place === "office" || (shell.wide && shell.place === "round"))
        sourceComponent: OfficePage {
            model: officeModel
            closable: !shell.wide
            onClosed: shell.place = "round"
        }
    }
}
