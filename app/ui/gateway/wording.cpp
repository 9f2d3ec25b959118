// SPDX-License-Identifier: Apache-2.0
#include "app/ui/gateway/wording.h"

#include <QDate>
#include <QLocale>
#include <QStringList>
#include <QVariantMap>
#include <algorithm>
#include <iterator>

#include "shared/core/display_text.h"
#include "shared/core/local_time.h"

namespace doorstep::ui {
namespace {

QVariantMap choice(int value, const QString& text, const char* icon) {
  return {{QStringLiteral("value"), value},
          {QStringLiteral("text"), text},
          {QStringLiteral("icon"), QString::fromLatin1(icon)}};
}

template <typename E>
QVariantMap choice(E value, const QString& text, const char* icon) {
  return choice(static_cast<int>(value), text, icon);
}

// Storage errors other than a full disk or known permanent damage.
bool isStorageFault(const std::string& reason) {
  static constexpr const char* kReasons[] = {"SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM",
                                             "SQLITE_IOERR",    "SQLITE_BUSY",     "SQLITE_LOCKED",
                                             "FILE_READ",       "FILE_READONLY",   "FILE_WRITE"};
  return std::find(std::begin(kReasons), std::end(kReasons), reason) != std::end(kReasons);
}

}  // namespace

// Empty: the reason concerns something else.
QString Wording::ofEnrolmentText(const std::string& reason) {
  if (reason == "ENROLMENT_TEXT_INVALID")
    return tr("This is not a Doorstep code. Copy the whole code from the office.");
  if (reason == "ENROLMENT_TEXT_PARTIAL")
    return tr("This is only a part of the code. Copy all of it, from doorstep-enrol to the end.");
  if (reason == "ENROLMENT_TEXT_CASE")
    return tr("Big and small letters of this code were changed. Ask the office to send it again.");
  if (reason == "ENROLMENT_TEXT_NEWER")
    return tr("This code is for a newer app. Update the app, then try again.");
  if (reason == "ENROLMENT_TEXT_OTHER_APP")
    return tr("This is for another app. The code from the office starts with doorstep-enrol.");
  if (reason == "ENROLMENT_TEXT_TOO_LONG")
    return tr("This is too much text. Copy the code alone.");
  if (reason == "CODE_EXPIRED")
    return tr("This code is too old. Ask the office for a new one.");
  if (reason == "CODE_USED")
    return tr("This code was used before. Ask the office for a new one.");
  if (reason == "CODE_OTHER_CARER")
    return tr("This code is for somebody else. Ask the office for your own.");
  if (reason == "CODE_UNKNOWN")
    return tr("The office does not know this code. Ask the office for a new one.");
  return {};
}

QString Wording::ofFailure(const std::string& reason) {
  if (const QString ofText = ofEnrolmentText(reason); !ofText.isEmpty())
    return ofText;
  if (reason == "TOO_MANY_ATTEMPTS")
    return tr("Too many tries. Wait some minutes, then try again.");
  if (reason == "UNREACHABLE" || reason == "UNAVAILABLE" || reason == "DEADLINE_EXCEEDED")
    return tr("No connection. Go where there is network and try again.");
  if (reason == "PIN_WRONG")
    return tr("Wrong PIN. Try again.");
  if (reason == "PIN_WAIT")
    return tr("Wait, then try again.");
  if (reason == "PIN_TOO_SHORT")
    return tr("The PIN is too short.");
  if (reason == "JOURNAL_DAMAGED" || reason == "KEY_FILE_DAMAGED")
    return tr("This phone's storage is damaged. Call the office. What can be read is kept.");
  if (reason == "SCHEMA_NEWER" || reason == "ENROLMENT_NEWER")
    return tr("This app is too old for what is on this phone. Update the app. All of it is kept.");
  if (reason == "SQLITE_FULL" || reason == "FILE_FULL")
    return tr("This phone is full. Delete some photos or films. Then try again.");
  if (isStorageFault(reason))
    return tr("This phone cannot open its storage. Start the phone again. Then call the office.");
  if (reason == "DEVICE_REVOKED" || reason == "DEVICE_UNKNOWN")
    return tr("Ask the office to set up this phone again. What you recorded is kept.");
  if (reason == "NOTE_TOO_LONG")
    return tr("Not kept: the note is too long.");
  if (reason == "NOTE_EMPTY")
    return tr("Not kept: the note is empty.");
  return tr("Not kept. Try again. If it fails again, write it on paper and call the office. (%1)")
      .arg(QString::fromStdString(reason));
}

QString Wording::ofReason(visits::NotDoneReason reason) {
  switch (reason) {
    case visits::NotDoneReason::Unspecified:
      return {};
    case visits::NotDoneReason::Refused:
      return tr("Did not want it");
    case visits::NotDoneReason::Asleep:
      return tr("Asleep");
    case visits::NotDoneReason::Away:
      return tr("Not at home");
    case visits::NotDoneReason::NotNeededToday:
      return tr("Not needed today");
    case visits::NotDoneReason::DoneByOthers:
      return tr("Others did it");
    case visits::NotDoneReason::NoTime:
      return tr("No time");
    case visits::NotDoneReason::NoSupplies:
      return tr("Nothing to do it with");
    case visits::NotDoneReason::Unsafe:
      return tr("Not safe");
    case visits::NotDoneReason::EquipmentFault:
      return tr("Equipment broken");
    case visits::NotDoneReason::NotTrained:
      return tr("I am not trained");
    case visits::NotDoneReason::Other:
      return tr("Other");
  }
  return {};
}

QString Wording::ofIndependence(visits::Independence independence) {
  switch (independence) {
    case visits::Independence::Unspecified:
      return {};
    case visits::Independence::SelfManaged:
      return tr("Did it alone");
    case visits::Independence::Prompted:
      return tr("I reminded");
    case visits::Independence::Assisted:
      return tr("I helped");
    case visits::Independence::FullySupported:
      return tr("I did all of it");
  }
  return {};
}

QString Wording::ofOutcome(const visits::TaskRecorded& recorded) {
  QStringList parts;
  switch (recorded.outcome) {
    case visits::TaskOutcome::Unspecified:
      return {};
    case visits::TaskOutcome::Done:
      parts << tr("Done");
      break;
    case visits::TaskOutcome::PartlyDone:
      parts << tr("Part");
      break;
    case visits::TaskOutcome::NotDone:
      parts << tr("Not done");
      break;
  }
  if (recorded.reason != visits::NotDoneReason::Unspecified)
    parts << ofReason(recorded.reason);
  if (recorded.independence != visits::Independence::Unspecified)
    parts << ofIndependence(recorded.independence);
  return parts.join(QStringLiteral(" · "));
}

QString Wording::ofNoEntry(visits::NoEntryReason reason) {
  switch (reason) {
    case visits::NoEntryReason::Unspecified:
      return {};
    case visits::NoEntryReason::NoReply:
      return tr("No answer");
    case visits::NoEntryReason::RefusedAtDoor:
      return tr("Does not want the visit");
    case visits::NoEntryReason::Unsafe:
      return tr("Not safe to go in");
  }
  return {};
}

QString Wording::ofColleagues(const std::vector<projections::Colleague>& colleagues) {
  QStringList names;
  for (const projections::Colleague& colleague : colleagues)
    names << (isBlankText(colleague.name) ? tr("a colleague") : line(colleague.name));
  return names.isEmpty() ? QString() : tr("With %1").arg(names.join(QStringLiteral(", ")));
}

QVariantList Wording::notDoneChoices() {
  using R = visits::NotDoneReason;
  QVariantList choices;
  const std::pair<R, const char*> icons[] = {{R::Refused, "hand"},
                                             {R::Asleep, "moon"},
                                             {R::Away, "away"},
                                             {R::NotNeededToday, "not_needed"},
                                             {R::DoneByOthers, "done_by_others"},
                                             {R::NoTime, "clock"},
                                             {R::NoSupplies, "box"},
                                             {R::Unsafe, "shield"},
                                             {R::EquipmentFault, "wrench"},
                                             {R::NotTrained, "book"},
                                             {R::Other, "dots"}};
  for (const auto& [reason, icon] : icons)
    choices << choice(reason, ofReason(reason), icon);
  return choices;
}

QVariantList Wording::independenceChoices() {
  using I = visits::Independence;
  return {choice(I::SelfManaged, ofIndependence(I::SelfManaged), "person"),
          choice(I::Prompted, ofIndependence(I::Prompted), "speech"),
          choice(I::Assisted, ofIndependence(I::Assisted), "lend"),
          choice(I::FullySupported, ofIndependence(I::FullySupported), "heart"),
          choice(I::Unspecified, tr("Does not apply"), "not_needed")};
}

QVariantList Wording::noEntryChoices() {
  using N = visits::NoEntryReason;
  return {choice(N::NoReply, ofNoEntry(N::NoReply), "bell"),
          choice(N::RefusedAtDoor, ofNoEntry(N::RefusedAtDoor), "hand"),
          choice(N::Unsafe, ofNoEntry(N::Unsafe), "shield")};
}

QString Wording::line(const std::string& text) {
  return QString::fromStdString(shownText(text, TextKind::Line));
}

QString Wording::lines(const std::string& text) {
  return QString::fromStdString(shownText(text, TextKind::Lines));
}

QString Wording::name(const std::string& text) {
  return isBlankText(text) ? tr("(no name)") : line(text);
}

QString Wording::clock(std::int64_t unixMs) {
  return QString::fromStdString(unixMsToLondon(unixMs).substr(11, 5));
}

QString Wording::window(const projections::RoundVisit& row) {
  if (row.windowEndUnixMs <= row.windowStartUnixMs)
    return clock(row.windowStartUnixMs);
  return span(row.windowStartUnixMs, row.windowEndUnixMs);
}

QString Wording::span(std::int64_t fromUnixMs, std::int64_t toUnixMs) {
  // A line may break after a dash, even before a no-break space: the word joiner prevents that.
  return QStringLiteral("%1\u00a0–\u2060\u00a0%2").arg(clock(fromUnixMs), clock(toUnixMs));
}

QString Wording::day(const std::string& day) {
  const QDate date = QDate::fromString(QString::fromStdString(day), Qt::ISODate);
  return date.isValid() ? QLocale().toString(date, QStringLiteral("ddd d MMM")) : QString();
}

QString Wording::moment(std::int64_t unixMs, const std::string& today) {
  const std::string itsDay = londonDay(unixMs);
  return itsDay == today ? clock(unixMs) : QStringLiteral("%1 %2").arg(day(itsDay), clock(unixMs));
}

QString textOf(VisitId visit) { return visit ? QString::number(visit.value) : QString(); }

VisitId visitOf(const QString& text) { return VisitId(text.toULongLong()); }

}  // namespace doorstep::ui
