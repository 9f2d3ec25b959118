// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Doorstep.Design

// Where something is: ring = on this phone, filled with a tick = at the office, triangle = the
// office must look. Shape and word say it, colour only helps. Places are numbered as
// projections::OfficeState.
Item {
    id: mark

    enum Place { Nothing, OnThisPhone, AtTheOffice, OfficeMustLook }
    required property int place
    property bool withText: true
    readonly property string words: place === OfficeMark.OnThisPhone ? qsTr("On this phone")
        : place === OfficeMark.AtTheOffice ? qsTr("Office has it")
        : place === OfficeMark.OfficeMustLook ? qsTr("Office must look") : ""
    readonly property color tint: place === OfficeMark.AtTheOffice ? Theme.good
        : place === OfficeMark.OfficeMustLook ? Theme.caution : Theme.inkSoft

    visible: place !== OfficeMark.Nothing
    implicitWidth: row.implicitWidth
    implicitHeight: row.implicitHeight
    Accessible.role: Accessible.StaticText
    Accessible.name: mark.words

    RowLayout {
        id: row

        anchors.fill: parent
        spacing: Theme.gapSmall

        Icon {
            name: mark.place === OfficeMark.AtTheOffice ? "at_office"
                : mark.place === OfficeMark.OfficeMustLook ? "alert" : "on_phone"
            color: mark.tint
            Layout.preferredWidth: Theme.iconSmall
            Layout.preferredHeight: Theme.iconSmall
        }
        Text {
            textFormat: Text.PlainText
            visible: mark.withText
            text: mark.words
            color: mark.tint
            font.pixelSize: Theme.textSmall
            font.weight: Font.DemiBold
            wrapMode: Text.Wrap
            Layout.fillWidth: true
            Accessible.ignored: true
        }
    }
}
