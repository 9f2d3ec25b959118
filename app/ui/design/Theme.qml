// SPDX-License-Identifier: Apache-2.0
pragma Singleton
import QtQuick

// Colours, sizes and type by meaning. Text on its ground has a contrast of 7:1 or more (WCAG AAA),
// because the phone is read in sunlight and with a scratched screen. Lengths are logical pixels.
QtObject {
    readonly property color ground: "#f3f0e9"
    readonly property color surface: "#ffffff"
    readonly property color ink: "#13212c"
    readonly property color inkSoft: "#43525d"
    readonly property color line: "#cfc9bc"
    readonly property color veil: "#99101820"

    readonly property color primary: "#0b4f57"
    readonly property color primaryPressed: "#083b41"
    readonly property color primarySoft: "#ddecec"
    readonly property color inkOnPrimary: "#ffffff"

    readonly property color good: "#14532d"
    readonly property color goodSoft: "#dcf0e1"
    readonly property color caution: "#6b3f00"
    readonly property color cautionSoft: "#ffeecb"
    readonly property color danger: "#8f1118"
    readonly property color dangerSoft: "#fce3e1"

    // Controls do not take the application's font by themselves.
    readonly property string fontFamily: Qt.font({ pixelSize: text }).family

    // Fingers in gloves: nothing that can be tapped is smaller; what is tapped at a door is larger.
    readonly property int touchTarget: 56
    readonly property int bigTarget: 68
    readonly property int keyTarget: 72

    readonly property int gapSmall: 8
    readonly property int gap: 12
    readonly property int margin: 16
    readonly property int gapLarge: 24
    readonly property int radius: 14
    readonly property int stroke: 2

    readonly property int iconSmall: 22
    readonly property int icon: 28
    readonly property int iconLarge: 44

    readonly property int textSmall: 16
    readonly property int text: 18
    readonly property int textButton: 20
    readonly property int textTitle: 23
    readonly property int textName: 30
    readonly property int textClock: 36

    // A sheet and a form stay this narrow on a tablet.
    readonly property int columnWidth: 520
    // From here on the round stands beside what is open.
    readonly property int wideFrom: 840
    readonly property int roundPaneWidth: 440

    readonly property int quickMs: 140
}
