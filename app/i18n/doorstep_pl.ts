<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="pl">
<context>
    <name>DelaySheet</name>
    <message>
        <source>How late will you be?</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n min</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>EnrolModel</name>
    <message>
        <source>Paste the code first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The two PINs are not the same. Choose again.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>EnrolPage</name>
    <message>
        <source>Choose a PIN</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type the PIN again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set up this phone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This phone&apos;s storage is damaged. Call the office. What can be read is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Please wait. The phone talks to the office.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You need it each time you open the app. 4 digits or more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask the office for your code. Paste it here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Code from the office</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The code starts with DOORSTEP</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paste</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LeaveSheet</name>
    <message numerus="yes">
        <source>%n task(s) still open</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Back to the tasks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave now</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>NextVisit</name>
    <message>
        <source>You are here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>NoEntrySheet</name>
    <message>
        <source>No entry: why?</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>NoteSheet</name>
    <message>
        <source>Write a note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Short words are good.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>OfficeMark</name>
    <message>
        <source>On this phone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Office has it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Office must look</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>OfficeModel</name>
    <message>
        <source>never</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The office could not take it. What you recorded is kept. (%1)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>OfficePage</name>
    <message>
        <source>Back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the office has</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lock the app</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n on this phone only</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing recorded yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The office has everything</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is kept. It goes to the office by itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last contact: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plan: version %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No connection now. Go on working.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>The office must look at %n record(s). Nothing is lost.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>The office&apos;s book does not fit what this phone saw. The phone sends everything again. Tell the office.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sending …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send now</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>OfficeRow</name>
    <message>
        <source>%1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The office has %1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PinPad</name>
    <message numerus="yes">
        <source>%n digit(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Delete the last digit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>OK</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Type at least %n digits first</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RoundModel</name>
    <message>
        <source>You are here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Finished</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No entry</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RoundPage</name>
    <message>
        <source>The office must look at something you recorded. You can go on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your plan has not come yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No visits today</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All visits are finished</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go where there is network. The plan comes by itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n on this phone</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>The office has everything</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the office has</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Sheet</name>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TaskCard</name>
    <message>
        <source>Important</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Part</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TaskSheet</name>
    <message>
        <source>What is right?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Why?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Part</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not done</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>UnlockModel</name>
    <message numerus="yes">
        <source>Wait %n second(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>UnlockPage</name>
    <message>
        <source>Please wait</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your PIN</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wrong PIN.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What you recorded is kept. Forgot the PIN? Call the office.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>VisitActions</name>
    <message>
        <source>Late</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>I will be late</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No entry</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>I am here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>I leave now</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>VisitHeader</name>
    <message numerus="yes">
        <source>You told the office: %n min late</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>VisitModel</name>
    <message>
        <source>Finished: %1 – %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Arrived: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No entry: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelled by the office</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>VisitPage</name>
    <message>
        <source>Back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>OK</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Wording</name>
    <message>
        <source>This is not a Doorstep code. Copy the whole code from the office.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This code does not work any more. Ask the office for a new one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Too many tries. Wait some minutes, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No connection. Go where there is network and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wrong PIN. Try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wait, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The PIN is too short.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This phone&apos;s storage is damaged. Call the office. What can be read is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask the office to set up this phone again. What you recorded is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not kept: the note is too long.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not kept: the note is empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not kept. Try again. If it fails again, write it on paper and call the office. (%1)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Did not want it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asleep</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not at home</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not needed today</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Others did it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing to do it with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not safe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Equipment broken</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>I am not trained</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Did it alone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>I reminded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>I helped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>I did all of it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Part</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Does not want the visit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not safe to go in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a colleague</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Does not apply</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
