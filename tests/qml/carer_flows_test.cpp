// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "app/ui/modules.h"
#include "tests/qml/app_on_fake.h"
Q_IMPORT_QML_PLUGIN(Doorstep_GalleryPlugin)

using doorstep::ui::AppOnFake;
using Access = doorstep::ui::PhoneGateway::Access;

// What a carer does in a day, tap by tap.
class CarerFlows : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void enrolsByPastedTextAndAPinTypedTwice() {
    AppOnFake app(QStringLiteral("notEnrolled"));
    QVERIFY(app.item(QStringLiteral("enrolText")));
    app.item(QStringLiteral("enrolText"))
        ->setProperty("text", QStringLiteral("doorstep-enrol:1:abc"));
    QVERIFY(app.tap(QStringLiteral("next")));
    QVERIFY(app.typePin(QStringLiteral("1357")));
    QVERIFY(app.typePin(QStringLiteral("1357")));
    QTRY_COMPARE(app.phone.access(), Access::Unlocked);
    QVERIFY(QTest::qWaitFor([&] { return app.item(QStringLiteral("nextVisit")) != nullptr; }));
  }

  void takesANewCodeWhileItIsOpenAndGoesOn() {
    AppOnFake app(QStringLiteral("needsCode"));
    QVERIFY(app.tap(QStringLiteral("needsCodeAction")));
    QVERIFY(app.tap(QStringLiteral("withoutCode")));
    QVERIFY(app.tap(QStringLiteral("needsCodeAction")));
    QVERIFY(app.gone(QStringLiteral("nextVisit")));
    app.item(QStringLiteral("enrolText"))
        ->setProperty("text", QStringLiteral("doorstep-enrol:1:abc"));
    QVERIFY(app.tap(QStringLiteral("next")));  // no PIN: she has hers
    QVERIFY(QTest::qWaitFor([&] { return app.item(QStringLiteral("nextVisit")) != nullptr; }));
    QCOMPARE(app.phone.access(), Access::Unlocked);
  }

  void asksAgainWhenTheTwoPinsDiffer() {
    AppOnFake app(QStringLiteral("notEnrolled"));
    app.item(QStringLiteral("enrolText"))
        ->setProperty("text", QStringLiteral("doorstep-enrol:1:abc"));
    QVERIFY(app.tap(QStringLiteral("next")));
    QVERIFY(app.typePin(QStringLiteral("1357")));
    QVERIFY(app.typePin(QStringLiteral("1358")));
    QVERIFY(app.shows(QStringLiteral("message"),
                      QStringLiteral("The two PINs are not the same. Choose again.")));
    QCOMPARE(app.phone.access(), Access::NotEnrolled);
  }

  void saysWhatIsWrongWithAForeignText() {
    AppOnFake app(QStringLiteral("notEnrolled"));
    app.item(QStringLiteral("enrolText"))->setProperty("text", QStringLiteral("hello"));
    QVERIFY(app.tap(QStringLiteral("next")));
    QVERIFY(app.typePin(QStringLiteral("1357")));
    QVERIFY(app.typePin(QStringLiteral("1357")));
    QVERIFY(app.shows(
        QStringLiteral("message"),
        QStringLiteral("This is not a Doorstep code. Copy the whole code from the office.")));
  }

  void slowsDownWrongPinsAndTakesNoDigitMeanwhile() {
    AppOnFake app(QStringLiteral("locked"));
    for (int i = 0; i < 2; ++i) {
      QVERIFY(app.typePin(QStringLiteral("1111")));
      QVERIFY(app.shows(QStringLiteral("message"), QStringLiteral("Wrong PIN. Try again.")));
    }
    QVERIFY(app.typePin(QStringLiteral("1111")));
    QVERIFY(app.gone(QStringLiteral("digit1")));
    QVERIFY(app.item(QStringLiteral("message"))
                ->property("text")
                .toString()
                .startsWith(QStringLiteral("Wrong PIN. Wait ")));
    QCOMPARE(app.phone.access(), Access::Locked);
  }

  void unlocksWithTheRightPin() {
    AppOnFake app(QStringLiteral("locked"));
    QVERIFY(app.typePin(QStringLiteral("2468")));
    QTRY_COMPARE(app.phone.access(), Access::Unlocked);
  }

  void recordsAWholeVisit() {
    AppOnFake app(QStringLiteral("normal"));
    QVERIFY(app.tap(QStringLiteral("nextVisit")));
    QVERIFY(app.tap(QStringLiteral("checkIn")));
    QVERIFY(app.shows(QStringLiteral("progress"), QStringLiteral("Arrived: 08:02")));
    // Done needs how; two taps.
    QVERIFY(app.tap(QStringLiteral("task1outcome1")));
    QVERIFY(app.tap(QStringLiteral("choice3")));
    QVERIFY(app.shows(QStringLiteral("outcome1"), QStringLiteral("Done · I helped")));
    // Not done needs why; two taps.
    QVERIFY(app.gone(QStringLiteral("choice3")));
    QVERIFY(app.tap(QStringLiteral("task2outcome3")));
    QVERIFY(app.tap(QStringLiteral("choice1")));
    QVERIFY(app.shows(QStringLiteral("outcome2"), QStringLiteral("Not done · Did not want it")));
    QVERIFY(app.gone(QStringLiteral("choice1")));
    // A note.
    QVERIFY(app.tap(QStringLiteral("note")));
    QVERIFY(QTest::qWaitFor([&] { return app.item(QStringLiteral("noteText")) != nullptr; }));
    app.item(QStringLiteral("noteText"))->setProperty("text", QStringLiteral("Ate well"));
    QVERIFY(app.tap(QStringLiteral("keepNote")));
    QVERIFY(app.gone(QStringLiteral("noteText")));
    // Two tasks are open: it asks, and lets her go.
    QVERIFY(app.tap(QStringLiteral("checkOut")));
    QVERIFY(app.tap(QStringLiteral("leaveAnyway")));
    QVERIFY(app.shows(QStringLiteral("progress"),
                      QStringLiteral("Finished: 08:02\u00a0–\u2060\u00a008:06")));
    QCOMPARE(app.phone.journal(),
             QStringList({QStringLiteral("check-in"),
                          QStringLiteral("task 1 outcome 1 reason 0 independence 3"),
                          QStringLiteral("task 2 outcome 3 reason 1 independence 0"),
                          QStringLiteral("note Ate well"), QStringLiteral("check-out")}));
  }

  void asksWhyAndHowForPart() {
    AppOnFake app(QStringLiteral("normal"));
    QVERIFY(app.tap(QStringLiteral("nextVisit")));
    QVERIFY(app.tap(QStringLiteral("checkIn")));
    QVERIFY(app.tap(QStringLiteral("task1outcome2")));
    QVERIFY(app.tap(QStringLiteral("choice6")));
    QVERIFY(app.tap(QStringLiteral("choice4")));
    QVERIFY(
        app.shows(QStringLiteral("outcome1"), QStringLiteral("Part · No time · I did all of it")));
  }

  void showsNothingAsRecordedBeforeTheJournalHasIt() {
    AppOnFake app(QStringLiteral("normal"));
    QVERIFY(app.tap(QStringLiteral("nextVisit")));
    app.phone.setHolding(true);
    QVERIFY(app.tap(QStringLiteral("checkIn")));
    QVERIFY(!app.item(QStringLiteral("progress")));
    QVERIFY(!app.item(QStringLiteral("kept")));
    app.phone.setHolding(false);
    QVERIFY(app.shows(QStringLiteral("kept"), QStringLiteral("Kept")));
    QVERIFY(app.shows(QStringLiteral("progress"), QStringLiteral("Arrived: 08:02")));
  }

  void saysThatATapWasNotKept() {
    AppOnFake app(QStringLiteral("normal"));
    app.phone.setProperty("refusal", QStringLiteral("STORAGE_FULL"));
    QVERIFY(app.tap(QStringLiteral("nextVisit")));
    QVERIFY(app.tap(QStringLiteral("checkIn")));
    QVERIFY(QTest::qWaitFor([&] { return app.item(QStringLiteral("failure")) != nullptr; }));
    QVERIFY(!app.item(QStringLiteral("kept")));
    QVERIFY(app.item(QStringLiteral("checkIn")));
  }

  void keepsATypedNoteThatThePhoneRefused() {
    AppOnFake app(QStringLiteral("atWork"));
    QVERIFY(app.tap(QStringLiteral("nextVisit")));
    app.phone.setProperty("refusal", QStringLiteral("STORAGE_FULL"));
    QVERIFY(app.tap(QStringLiteral("note")));
    QVERIFY(QTest::qWaitFor([&] { return app.item(QStringLiteral("noteText")) != nullptr; }));
    app.item(QStringLiteral("noteText"))->setProperty("text", QStringLiteral("Fell at 8"));
    QVERIFY(app.tap(QStringLiteral("keepNote")));
    QTRY_VERIFY(app.item(QStringLiteral("noteFailure")));
    QVERIFY(app.item(QStringLiteral("noteText")));
    QCOMPARE(app.item(QStringLiteral("noteText"))->property("text").toString(),
             QStringLiteral("Fell at 8"));
  }

  void recordsNoEntryWithAReason() {
    AppOnFake app(QStringLiteral("normal"));
    QVERIFY(app.tap(QStringLiteral("nextVisit")));
    QVERIFY(app.tap(QStringLiteral("noEntry")));
    QVERIFY(app.tap(QStringLiteral("choice1")));
    QVERIFY(app.shows(QStringLiteral("progress"), QStringLiteral("No entry: No answer")));
    QCOMPARE(app.phone.journal(), QStringList(QStringLiteral("no entry 1")));
  }

  void announcesADelay() {
    AppOnFake app(QStringLiteral("normal"));
    QVERIFY(app.tap(QStringLiteral("nextVisit")));
    QVERIFY(app.tap(QStringLiteral("late")));
    QVERIFY(app.tap(QStringLiteral("delay20")));
    QTRY_COMPARE(app.phone.journal(), QStringList(QStringLiteral("late 20")));
  }

  void recordsWithoutANetworkAndSaysWhereItIs() {
    AppOnFake app(QStringLiteral("offline"));
    QVERIFY(app.tap(QStringLiteral("nextVisit")));
    QVERIFY(app.tap(QStringLiteral("task3outcome3")));
    QVERIFY(app.tap(QStringLiteral("choice2")));
    QVERIFY(app.shows(QStringLiteral("outcome3"), QStringLiteral("Not done · Asleep")));
    QVERIFY(app.gone(QStringLiteral("choice2")));
    QVERIFY(app.tap(QStringLiteral("back")));
    QVERIFY(app.tap(QStringLiteral("toOffice")));
    QVERIFY(app.shows(QStringLiteral("summary"), QStringLiteral("5 on this phone only")));
    QVERIFY(app.item(QStringLiteral("offline")));
    QVERIFY(app.tap(QStringLiteral("syncNow")));
    QVERIFY(app.shows(QStringLiteral("summary"), QStringLiteral("5 on this phone only")));
    app.phone.setProperty("online", true);
    QVERIFY(app.tap(QStringLiteral("syncNow")));
    QVERIFY(app.shows(QStringLiteral("summary"), QStringLiteral("The office has everything")));
  }

  void opensWhatTheOfficeHasAtItsSummary() {
    AppOnFake app(QStringLiteral("error"));
    app.window->resize(360, 640);
    QTRY_COMPARE(app.window->contentItem()->height(), 640.0);
    QVERIFY(app.tap(QStringLiteral("toOffice")));
    QVERIFY(app.shows(QStringLiteral("summary"), QStringLiteral("4 on this phone only")));
    const auto sceneY = [&](const char* name) {
      return app.item(QString::fromLatin1(name))->mapToScene(QPointF(0, 0)).y();
    };
    // Two frames: the facts take their height, the list its place below them.
    (void)app.window->grabWindow();
    (void)app.window->grabWindow();
    QVERIFY(sceneY("summary") > sceneY("back"));
    QVERIFY(sceneY("contradicted") > sceneY("summary"));
  }

  void doesNotSayThatTheOfficeHasWhatItMustLookAt() {
    AppOnFake app(QStringLiteral("error"));
    QVERIFY(app.tap(QStringLiteral("toOffice")));
    QVERIFY(app.item(QStringLiteral("quarantined")));
    QVERIFY(app.tap(QStringLiteral("syncNow")));
    QVERIFY(app.shows(QStringLiteral("summary"), QStringLiteral("Everything is sent")));
    QVERIFY(app.tap(QStringLiteral("back")));
    QVERIFY(app.shows(QStringLiteral("toOffice"), QStringLiteral("Everything is sent")));
  }

  void locksOnDemand() {
    AppOnFake app(QStringLiteral("normal"));
    QVERIFY(app.tap(QStringLiteral("toOffice")));
    QVERIFY(app.tap(QStringLiteral("lock")));
    QTRY_COMPARE(app.phone.access(), Access::Locked);
    QVERIFY(app.gone(QStringLiteral("summary")));
  }
};

QTEST_MAIN(CarerFlows)
#include "carer_flows_test.moc"
