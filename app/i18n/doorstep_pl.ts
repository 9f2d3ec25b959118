<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="pl">
    <context>
        <name>DelaySheet</name>
        <message>
            <source>How late will you be?</source>
            <translation>Ile się spóźnisz?</translation>
        </message>
        <message numerus="yes">
            <source>%n min</source>
            <translation>
                <numerusform>%n min</numerusform>
                <numerusform>%n min</numerusform>
                <numerusform>%n min</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>EnrolModel</name>
        <message>
            <source>Paste the code first.</source>
            <translation>Najpierw wklej kod.</translation>
        </message>
        <message>
            <source>The two PINs are not the same. Choose again.</source>
            <translation>PIN-y nie są takie same. Wybierz jeszcze raz.</translation>
        </message>
    </context>
    <context>
        <name>EnrolPage</name>
        <message>
            <source>Choose a PIN</source>
            <translation>Wybierz PIN</translation>
        </message>
        <message>
            <source>Type the PIN again</source>
            <translation>Wpisz PIN jeszcze raz</translation>
        </message>
        <message>
            <source>Set up this phone</source>
            <translation>Ustaw ten telefon</translation>
        </message>
        <message>
            <source>Please wait. The phone talks to the office.</source>
            <translation>Poczekaj. Telefon łączy się z biurem.</translation>
        </message>
        <message>
            <source>You need it each time you open the app. 4 digits or more.</source>
            <translation>Potrzebny przy każdym otwarciu aplikacji. Co najmniej 4 cyfry.</translation>
        </message>
        <message>
            <source>Ask the office for your code. Paste it here.</source>
            <translation>Poproś biuro o kod. Wklej go tutaj.</translation>
        </message>
        <message>
            <source>Code from the office</source>
            <translation>Kod z biura</translation>
        </message>
        <message>
            <source>The code starts with doorstep-enrol</source>
            <translation>Kod zaczyna się od doorstep-enrol</translation>
        </message>
        <message>
            <source>Paste</source>
            <translation>Wklej</translation>
        </message>
        <message>
            <source>Next</source>
            <translation>Dalej</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>Wstecz</translation>
        </message>
        <message>
            <source>This phone&apos;s storage was damaged. Ask the office for a new code. What can be read is kept.</source>
            <translation>Pamięć tego telefonu była uszkodzona. Poproś biuro o nowy kod. To, co da się odczytać, jest zachowane.</translation>
        </message>
        <message>
            <source>I have no code yet: go on working</source>
            <translation>Nie mam jeszcze kodu: pracuję dalej</translation>
        </message>
    </context>
    <context>
        <name>LeaveSheet</name>
        <message numerus="yes">
            <source>%n task(s) still open</source>
            <translation>
                <numerusform>Zostało %n zadanie</numerusform>
                <numerusform>Zostały %n zadania</numerusform>
                <numerusform>Zostało %n zadań</numerusform>
            </translation>
        </message>
        <message>
            <source>Back to the tasks</source>
            <translation>Wróć do zadań</translation>
        </message>
        <message>
            <source>Leave now</source>
            <translation>Wyjdź teraz</translation>
        </message>
    </context>
    <context>
        <name>NextVisit</name>
        <message>
            <source>You are here</source>
            <translation>Jesteś na miejscu</translation>
        </message>
        <message>
            <source>Next</source>
            <translation>Następna</translation>
        </message>
        <message>
            <source>Go on</source>
            <translation>Dalej</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>Otwórz</translation>
        </message>
    </context>
    <context>
        <name>NoEntrySheet</name>
        <message>
            <source>No entry: why?</source>
            <translation>Brak wejścia: dlaczego?</translation>
        </message>
    </context>
    <context>
        <name>NoteSheet</name>
        <message>
            <source>Write a note</source>
            <translation>Napisz notatkę</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>Notatka</translation>
        </message>
        <message>
            <source>Short words are good.</source>
            <translation>Krótkie słowa są dobre.</translation>
        </message>
        <message>
            <source>Keep</source>
            <translation>Zachowaj</translation>
        </message>
    </context>
    <context>
        <name>OfficeMark</name>
        <message>
            <source>On this phone</source>
            <translation>W tym telefonie</translation>
        </message>
        <message>
            <source>Office has it</source>
            <translation>Biuro ma</translation>
        </message>
        <message>
            <source>Office must look</source>
            <translation>Biuro sprawdzi</translation>
        </message>
    </context>
    <context>
        <name>OfficeModel</name>
        <message>
            <source>never</source>
            <translation>nigdy</translation>
        </message>
        <message>
            <source>The office could not take it. What you recorded is kept. (%1)</source>
            <translation>Biuro nie mogło tego przyjąć. Twoje wpisy są zachowane. (%1)</translation>
        </message>
    </context>
    <context>
        <name>OfficePage</name>
        <message>
            <source>Back</source>
            <translation>Wstecz</translation>
        </message>
        <message>
            <source>What the office has</source>
            <translation>Co ma biuro</translation>
        </message>
        <message>
            <source>Lock the app</source>
            <translation>Zablokuj aplikację</translation>
        </message>
        <message numerus="yes">
            <source>%n on this phone only</source>
            <translation>
                <numerusform>%n tylko w tym telefonie</numerusform>
                <numerusform>%n tylko w tym telefonie</numerusform>
                <numerusform>%n tylko w tym telefonie</numerusform>
            </translation>
        </message>
        <message>
            <source>Nothing recorded yet</source>
            <translation>Jeszcze nic nie zapisano</translation>
        </message>
        <message>
            <source>Everything is sent</source>
            <translation>Wszystko wysłane</translation>
        </message>
        <message>
            <source>The office has everything</source>
            <translation>Biuro ma wszystko</translation>
        </message>
        <message>
            <source>It is kept. It goes to the office by itself.</source>
            <translation>Jest zachowane. Samo pójdzie do biura.</translation>
        </message>
        <message>
            <source>Last contact: %1</source>
            <translation>Ostatni kontakt: %1</translation>
        </message>
        <message>
            <source>Plan: version %1</source>
            <translation>Plan: wersja %1</translation>
        </message>
        <message>
            <source>No plan yet</source>
            <translation>Planu jeszcze nie ma</translation>
        </message>
        <message>
            <source>No connection now. Go on working.</source>
            <translation>Brak połączenia. Pracuj dalej.</translation>
        </message>
        <message numerus="yes">
            <source>The office must look at %n record(s). Nothing is lost.</source>
            <translation>
                <numerusform>Biuro musi sprawdzić %n wpis. Nic nie zginęło.</numerusform>
                <numerusform>Biuro musi sprawdzić %n wpisy. Nic nie zginęło.</numerusform>
                <numerusform>Biuro musi sprawdzić %n wpisów. Nic nie zginęło.</numerusform>
            </translation>
        </message>
        <message>
            <source>The office's book does not fit what this phone saw. The phone sends everything again. Tell the office.</source>
            <translation>Zapis biura nie zgadza się z tym, co widział telefon. Telefon wyśle wszystko jeszcze raz. Powiedz biuru.</translation>
        </message>
        <message>
            <source>Sending …</source>
            <translation>Wysyłam …</translation>
        </message>
        <message>
            <source>Send now</source>
            <translation>Wyślij teraz</translation>
        </message>
    </context>
    <context>
        <name>OfficeRow</name>
        <message>
            <source>%1 of %2</source>
            <translation>%1 z %2</translation>
        </message>
        <message>
            <source>The office has %1 of %2</source>
            <translation>Biuro ma %1 z %2</translation>
        </message>
    </context>
    <context>
        <name>PinPad</name>
        <message numerus="yes">
            <source>%n digit(s)</source>
            <translation>
                <numerusform>%n cyfra</numerusform>
                <numerusform>%n cyfry</numerusform>
                <numerusform>%n cyfr</numerusform>
            </translation>
        </message>
        <message>
            <source>Delete the last digit</source>
            <translation>Usuń ostatnią cyfrę</translation>
        </message>
        <message>
            <source>OK</source>
            <translation>OK</translation>
        </message>
        <message numerus="yes">
            <source>Type at least %n digits first</source>
            <translation>
                <numerusform>Wpisz najpierw co najmniej %n cyfrę</numerusform>
                <numerusform>Wpisz najpierw co najmniej %n cyfry</numerusform>
                <numerusform>Wpisz najpierw co najmniej %n cyfr</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>RoundModel</name>
        <message>
            <source>You are here</source>
            <translation>Jesteś na miejscu</translation>
        </message>
        <message>
            <source>Finished</source>
            <translation>Skończona</translation>
        </message>
        <message>
            <source>No entry</source>
            <translation>Brak wejścia</translation>
        </message>
        <message>
            <source>Cancelled</source>
            <translation>Odwołana</translation>
        </message>
        <message>
            <source>This phone was too long without the office. Go on working: it is kept. Ask the office for a new code.</source>
            <translation>Ten telefon był za długo bez kontaktu z biurem. Pracuj dalej: wszystko się zapisuje. Poproś biuro o nowy kod.</translation>
        </message>
        <message>
            <source>The office must set up this phone again. Go on working: it is kept. Ask the office for a new code.</source>
            <translation>Biuro musi ustawić ten telefon na nowo. Pracuj dalej: wszystko się zapisuje. Poproś biuro o nowy kod.</translation>
        </message>
        <message>
            <source>This phone&apos;s date is wrong. You see the right day here. Set the date in the phone&apos;s settings.</source>
            <translation>Data w tym telefonie jest zła. Tu widzisz właściwy dzień. Ustaw datę w ustawieniach telefonu.</translation>
        </message>
        <message>
            <source>This phone&apos;s clock is wrong. Set the time in the phone&apos;s settings.</source>
            <translation>Zegar w tym telefonie jest zły. Ustaw godzinę w ustawieniach telefonu.</translation>
        </message>
    </context>
    <context>
        <name>RoundPage</name>
        <message>
            <source>The office must look at something you recorded. You can go on.</source>
            <translation>Biuro musi sprawdzić jeden z Twoich wpisów. Pracuj dalej.</translation>
        </message>
        <message>
            <source>Your plan has not come yet</source>
            <translation>Plan jeszcze nie przyszedł</translation>
        </message>
        <message>
            <source>No visits today</source>
            <translation>Dziś nie ma wizyt</translation>
        </message>
        <message>
            <source>All visits are finished</source>
            <translation>Wszystkie wizyty skończone</translation>
        </message>
        <message>
            <source>Go where there is network. The plan comes by itself.</source>
            <translation>Idź tam, gdzie jest zasięg. Plan przyjdzie sam.</translation>
        </message>
        <message numerus="yes">
            <source>%n on this phone</source>
            <translation>
                <numerusform>%n w tym telefonie</numerusform>
                <numerusform>%n w tym telefonie</numerusform>
                <numerusform>%n w tym telefonie</numerusform>
            </translation>
        </message>
        <message>
            <source>Everything is sent</source>
            <translation>Wszystko wysłane</translation>
        </message>
        <message>
            <source>The office has everything</source>
            <translation>Biuro ma wszystko</translation>
        </message>
        <message>
            <source>What the office has</source>
            <translation>Co ma biuro</translation>
        </message>
        <message>
            <source>This phone&apos;s storage was damaged. Go on working: it is kept. Ask the office for a new code.</source>
            <translation>Pamięć tego telefonu była uszkodzona. Pracuj dalej: wszystko się zapisuje. Poproś biuro o nowy kod.</translation>
        </message>
        <message>
            <source>I have the new code</source>
            <translation>Mam nowy kod</translation>
        </message>
    </context>
    <context>
        <name>Sheet</name>
        <message>
            <source>Close</source>
            <translation>Zamknij</translation>
        </message>
    </context>
    <context>
        <name>TaskCard</name>
        <message>
            <source>Important</source>
            <translation>Ważne</translation>
        </message>
        <message>
            <source>Change</source>
            <translation>Zmień</translation>
        </message>
        <message>
            <source>Change: %1</source>
            <translation>Zmień: %1</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Zrobione</translation>
        </message>
        <message>
            <source>Part</source>
            <translation>Część</translation>
        </message>
        <message>
            <source>Not done</source>
            <translation>Nie zrobione</translation>
        </message>
        <message>
            <source>%1: %2</source>
            <translation>%1: %2</translation>
        </message>
    </context>
    <context>
        <name>TaskSheet</name>
        <message>
            <source>What is right?</source>
            <translation>Co jest prawdą?</translation>
        </message>
        <message>
            <source>Why?</source>
            <translation>Dlaczego?</translation>
        </message>
        <message>
            <source>How?</source>
            <translation>Jak?</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Zrobione</translation>
        </message>
        <message>
            <source>Part</source>
            <translation>Część</translation>
        </message>
        <message>
            <source>Not done</source>
            <translation>Nie zrobione</translation>
        </message>
    </context>
    <context>
        <name>UnlockModel</name>
        <message numerus="yes">
            <source>Wait %n second(s)</source>
            <translation>
                <numerusform>Poczekaj %n sekundę</numerusform>
                <numerusform>Poczekaj %n sekundy</numerusform>
                <numerusform>Poczekaj %n sekund</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>UnlockPage</name>
        <message>
            <source>Please wait</source>
            <translation>Poczekaj</translation>
        </message>
        <message>
            <source>Your PIN</source>
            <translation>Twój PIN</translation>
        </message>
        <message>
            <source>Wrong PIN.</source>
            <translation>Zły PIN.</translation>
        </message>
        <message>
            <source>What you recorded is kept. Forgot the PIN? Call the office.</source>
            <translation>Twoje wpisy są zachowane. Nie pamiętasz PIN-u? Zadzwoń do biura.</translation>
        </message>
    </context>
    <context>
        <name>VisitActions</name>
        <message>
            <source>Late</source>
            <translation>Spóźnienie</translation>
        </message>
        <message>
            <source>I will be late</source>
            <translation>Spóźnię się</translation>
        </message>
        <message>
            <source>No entry</source>
            <translation>Brak wejścia</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>Notatka</translation>
        </message>
        <message>
            <source>I am here</source>
            <translation>Jestem na miejscu</translation>
        </message>
        <message>
            <source>I leave now</source>
            <translation>Wychodzę</translation>
        </message>
    </context>
    <context>
        <name>VisitHeader</name>
        <message numerus="yes">
            <source>You told the office: %n min late</source>
            <translation>
                <numerusform>Biuro wie: spóźnienie %n min</numerusform>
                <numerusform>Biuro wie: spóźnienie %n min</numerusform>
                <numerusform>Biuro wie: spóźnienie %n min</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>VisitModel</name>
        <message>
            <source>Finished: %1</source>
            <translation>Skończona: %1</translation>
        </message>
        <message>
            <source>Left: %1</source>
            <translation>Wyjście: %1</translation>
        </message>
        <message>
            <source>Arrived: %1</source>
            <translation>Przyjście: %1</translation>
        </message>
        <message>
            <source>No entry: %1</source>
            <translation>Brak wejścia: %1</translation>
        </message>
        <message>
            <source>Cancelled by the office</source>
            <translation>Odwołana przez biuro</translation>
        </message>
    </context>
    <context>
        <name>VisitPage</name>
        <message>
            <source>Back</source>
            <translation>Wstecz</translation>
        </message>
        <message>
            <source>Kept</source>
            <translation>Zachowane</translation>
        </message>
        <message>
            <source>OK</source>
            <translation>OK</translation>
        </message>
        <message>
            <source>Part of this was recorded with a newer app. Update the app to see it.</source>
            <translation>Część tego zapisano nowszą aplikacją. Zaktualizuj aplikację, aby to zobaczyć.</translation>
        </message>
    </context>
    <context>
        <name>Wording</name>
        <message>
            <source>This is not a Doorstep code. Copy the whole code from the office.</source>
            <translation>To nie jest kod Doorstep. Skopiuj cały kod z biura.</translation>
        </message>
        <message>
            <source>Too many tries. Wait some minutes, then try again.</source>
            <translation>Za dużo prób. Poczekaj kilka minut i spróbuj znowu.</translation>
        </message>
        <message>
            <source>No connection. Go where there is network and try again.</source>
            <translation>Brak połączenia. Idź tam, gdzie jest zasięg, i spróbuj znowu.</translation>
        </message>
        <message>
            <source>Wrong PIN. Try again.</source>
            <translation>Zły PIN. Spróbuj znowu.</translation>
        </message>
        <message>
            <source>Wait, then try again.</source>
            <translation>Poczekaj i spróbuj znowu.</translation>
        </message>
        <message>
            <source>The PIN is too short.</source>
            <translation>PIN jest za krótki.</translation>
        </message>
        <message>
            <source>This phone's storage is damaged. Call the office. What can be read is kept.</source>
            <translation>Pamięć telefonu jest uszkodzona. Zadzwoń do biura. To, co da się odczytać, jest zachowane.</translation>
        </message>
        <message>
            <source>Ask the office to set up this phone again. What you recorded is kept.</source>
            <translation>Poproś biuro o ponowne ustawienie telefonu. Twoje wpisy są zachowane.</translation>
        </message>
        <message>
            <source>Not kept: the note is too long.</source>
            <translation>Nie zachowano: notatka jest za długa.</translation>
        </message>
        <message>
            <source>Not kept: the note is empty.</source>
            <translation>Nie zachowano: notatka jest pusta.</translation>
        </message>
        <message>
            <source>Not kept. Try again. If it fails again, write it on paper and call the office. (%1)</source>
            <translation>Nie zachowano. Spróbuj znowu. Jeśli się nie uda, zapisz na kartce i zadzwoń do biura. (%1)</translation>
        </message>
        <message>
            <source>Did not want it</source>
            <translation>Nie chce</translation>
        </message>
        <message>
            <source>Asleep</source>
            <translation>Śpi</translation>
        </message>
        <message>
            <source>Not at home</source>
            <translation>Nie ma w domu</translation>
        </message>
        <message>
            <source>Not needed today</source>
            <translation>Dziś nie trzeba</translation>
        </message>
        <message>
            <source>Others did it</source>
            <translation>Zrobili inni</translation>
        </message>
        <message>
            <source>No time</source>
            <translation>Brak czasu</translation>
        </message>
        <message>
            <source>Nothing to do it with</source>
            <translation>Brak środków</translation>
        </message>
        <message>
            <source>Not safe</source>
            <translation>Zbyt ryzykowne</translation>
        </message>
        <message>
            <source>Equipment broken</source>
            <translation>Sprzęt zepsuty</translation>
        </message>
        <message>
            <source>I am not trained</source>
            <translation>Nie mam szkolenia</translation>
        </message>
        <message>
            <source>Other</source>
            <translation>Inne</translation>
        </message>
        <message>
            <source>Did it alone</source>
            <translation>Samodzielnie</translation>
        </message>
        <message>
            <source>I reminded</source>
            <translation>Po przypomnieniu</translation>
        </message>
        <message>
            <source>I helped</source>
            <translation>Z moją pomocą</translation>
        </message>
        <message>
            <source>I did all of it</source>
            <translation>Wszystko za tę osobę</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Zrobione</translation>
        </message>
        <message>
            <source>Part</source>
            <translation>Część</translation>
        </message>
        <message>
            <source>Not done</source>
            <translation>Nie zrobione</translation>
        </message>
        <message>
            <source>No answer</source>
            <translation>Nikt nie otwiera</translation>
        </message>
        <message>
            <source>Does not want the visit</source>
            <translation>Nie chce wizyty</translation>
        </message>
        <message>
            <source>Not safe to go in</source>
            <translation>Wejście niebezpieczne</translation>
        </message>
        <message>
            <source>a colleague</source>
            <translation>druga osoba</translation>
        </message>
        <message>
            <source>With %1</source>
            <translation>Z: %1</translation>
        </message>
        <message>
            <source>Does not apply</source>
            <translation>Nie dotyczy</translation>
        </message>
        <message>
            <source>This is only a part of the code. Copy all of it, from doorstep-enrol to the end.</source>
            <translation>To tylko część kodu. Skopiuj cały, od doorstep-enrol do końca.</translation>
        </message>
        <message>
            <source>Big and small letters of this code were changed. Ask the office to send it again.</source>
            <translation>W tym kodzie zmieniono wielkie i małe litery. Poproś biuro, aby wysłało go jeszcze raz.</translation>
        </message>
        <message>
            <source>This code is for a newer app. Update the app, then try again.</source>
            <translation>Ten kod jest dla nowszej aplikacji. Zaktualizuj aplikację i spróbuj jeszcze raz.</translation>
        </message>
        <message>
            <source>This is for another app. The code from the office starts with doorstep-enrol.</source>
            <translation>To jest dla innej aplikacji. Kod z biura zaczyna się od doorstep-enrol.</translation>
        </message>
        <message>
            <source>This is too much text. Copy the code alone.</source>
            <translation>To za dużo tekstu. Skopiuj sam kod.</translation>
        </message>
        <message>
            <source>This code is too old. Ask the office for a new one.</source>
            <translation>Ten kod jest za stary. Poproś biuro o nowy.</translation>
        </message>
        <message>
            <source>This code was used before. Ask the office for a new one.</source>
            <translation>Ten kod był już użyty. Poproś biuro o nowy.</translation>
        </message>
        <message>
            <source>This code is for somebody else. Ask the office for your own.</source>
            <translation>Ten kod jest dla kogoś innego. Poproś biuro o swój kod.</translation>
        </message>
        <message>
            <source>The office does not know this code. Ask the office for a new one.</source>
            <translation>Biuro nie zna tego kodu. Poproś biuro o nowy.</translation>
        </message>
        <message>
            <source>This app is too old for what is on this phone. Update the app. All of it is kept.</source>
            <translation>Ta aplikacja jest za stara dla danych w tym telefonie. Zaktualizuj aplikację. Wszystko jest zachowane.</translation>
        </message>
        <message>
            <source>This phone is full. Delete some photos or films. Then try again.</source>
            <translation>Ten telefon jest pełny. Usuń kilka zdjęć lub filmów. Potem spróbuj jeszcze raz.</translation>
        </message>
        <message>
            <source>This phone cannot open its storage. Start the phone again. Then call the office.</source>
            <translation>Ten telefon nie może otworzyć swojej pamięci. Uruchom telefon ponownie. Potem zadzwoń do biura.</translation>
        </message>
        <message>
            <source>(no name)</source>
            <translation>(bez nazwiska)</translation>
        </message>
    </context>
</TS>
