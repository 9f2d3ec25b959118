<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en">
    <context>
        <name>DelaySheet</name>
        <message numerus="yes">
            <source>%n min</source>
            <translation>
                <numerusform>%n min</numerusform>
                <numerusform>%n min</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>LeaveSheet</name>
        <message numerus="yes">
            <source>%n task(s) still open</source>
            <translation>
                <numerusform>%n task still open</numerusform>
                <numerusform>%n tasks still open</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>OfficePage</name>
        <message numerus="yes">
            <source>%n on this phone only</source>
            <translation>
                <numerusform>%n on this phone only</numerusform>
                <numerusform>%n on this phone only</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>The office must look at %n record(s). Nothing is lost.</source>
            <translation>
                <numerusform>The office must look at %n record. Nothing is lost.</numerusform>
                <numerusform>The office must look at %n records. Nothing is lost.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>PinPad</name>
        <message numerus="yes">
            <source>%n digit(s)</source>
            <translation>
                <numerusform>%n digit</numerusform>
                <numerusform>%n digits</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Type at least %n digits first</source>
            <translation>
                <numerusform>Type at least %n digit first</numerusform>
                <numerusform>Type at least %n digits first</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>RoundPage</name>
        <message numerus="yes">
            <source>%n on this phone</source>
            <translation>
                <numerusform>%n on this phone</numerusform>
                <numerusform>%n on this phone</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>UnlockModel</name>
        <message numerus="yes">
            <source>Wait %n second(s)</source>
            <translation>
                <numerusform>Wait %n second</numerusform>
                <numerusform>Wait %n seconds</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>VisitHeader</name>
        <message numerus="yes">
            <source>You told the office: %n min late</source>
            <translation>
                <numerusform>You told the office: %n min late</numerusform>
                <numerusform>You told the office: %n min late</numerusform>
            </translation>
        </message>
    </context>
</TS>
