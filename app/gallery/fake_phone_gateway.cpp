// SPDX-License-Identifier: Apache-2.0
#include "app/gallery/fake_phone_gateway.h"

#include <QTimer>
#include <algorithm>

#include "shared/core/durations.h"

namespace doorstep::ui {
namespace {

constexpr std::int64_t kPinWaitMs = 30'000;
constexpr int kFreeTries = 2;

// Writes an intent into a visit as journal and projections would; with texts for tests to compare.
struct Applier {
  projections::VisitScreen& visit;
  std::int64_t nowUnixMs;

  QString operator()(const recording::CheckIn&) const {
    visit.checkedInUnixMs = nowUnixMs;
    visit.row.progress = projections::VisitProgress::CheckedIn;
    visit.canCheckIn = visit.canReportNoEntry = false;
    visit.canRecord = visit.canCheckOut = true;
    return QStringLiteral("check-in");
  }
  QString operator()(const recording::CheckOut&) const {
    visit.checkedOutUnixMs = nowUnixMs;
    visit.row.progress = projections::VisitProgress::CheckedOut;
    visit.canCheckOut = false;
    return QStringLiteral("check-out");
  }
  QString operator()(const recording::RecordTask& intent) const {
    for (projections::TaskState& task : visit.tasks)
      if (task.task.taskNumber == intent.task.taskNumber)
        task.recorded = intent.task;
    return QStringLiteral("task %1 outcome %2 reason %3 independence %4")
        .arg(intent.task.taskNumber)
        .arg(static_cast<int>(intent.task.outcome))
        .arg(static_cast<int>(intent.task.reason))
        .arg(static_cast<int>(intent.task.independence));
  }
  QString operator()(const recording::AddNote& intent) const {
    visit.notes.push_back({intent.text, nowUnixMs});
    return QStringLiteral("note %1").arg(QString::fromStdString(intent.text));
  }
  QString operator()(const recording::ReportNoEntry& intent) const {
    visit.noEntry = intent.reason;
    visit.row.progress = projections::VisitProgress::NoEntry;
    visit.canCheckIn = visit.canReportNoEntry = false;
    visit.canRecord = true;
    return QStringLiteral("no entry %1").arg(static_cast<int>(intent.reason));
  }
  QString operator()(const recording::AnnounceDelay& intent) const {
    visit.announcedDelayMin = intent.expectedDelayMin;
    return QStringLiteral("late %1").arg(intent.expectedDelayMin);
  }
  QString operator()(const recording::Amend&) const { return QStringLiteral("amend"); }
};

}  // namespace

FakePhoneGateway::FakePhoneGateway(QObject* parent) : PhoneGateway(parent) {}

QStringList FakePhoneGateway::scenarios() {
  return {QStringLiteral("notEnrolled"), QStringLiteral("damaged"),    QStringLiteral("locked"),
          QStringLiteral("lockedWait"),  QStringLiteral("normal"),     QStringLiteral("atWork"),
          QStringLiteral("evening"),     QStringLiteral("fourteen"),   QStringLiteral("longWords"),
          QStringLiteral("empty"),       QStringLiteral("noPlan"),     QStringLiteral("offline"),
          QStringLiteral("error"),       QStringLiteral("awaitsCode"), QStringLiteral("wrongDate"),
          QStringLiteral("strangeText"), QStringLiteral("night"),      QStringLiteral("needsCode")};
}

void FakePhoneGateway::setScenario(const QString& scenario) {
  scenario_ = scenario;
  pin_ = QStringLiteral("2468");
  journal_.clear();
  held_.clear();
  wrongPins_ = 0;
  nowUnixMs_ = kFakeNowUnixMs;
  const bool none = scenario == QLatin1String("empty") || scenario == QLatin1String("noPlan");
  visits_ = fakeVisits(none                                     ? FakeRound::None
                       : scenario == QLatin1String("fourteen")  ? FakeRound::Fourteen
                       : scenario == QLatin1String("longWords") ? FakeRound::LongWords
                       : scenario == QLatin1String("night")     ? FakeRound::Night
                                                                : FakeRound::Normal);
  office_ = {};
  office_.planVersion = scenario == QLatin1String("noPlan") ? 0 : 1412;
  if (office_.planVersion != 0)
    office_.lastContactUnixMs = kFakeNowUnixMs - 7 * kMinuteMs;
  online_ = true;

  if (scenario == QLatin1String("strangeText"))
    makeTextStrange();
  recordScenario();
  if (scenario == QLatin1String("offline")) {
    online_ = false;
    office_.lastFailureReason = "UNAVAILABLE";
    office_.lastContactUnixMs = kFakeNowUnixMs - 3 * 24 * 60 * kMinuteMs;
  } else if (scenario == QLatin1String("error")) {
    visits_[0].row.office = projections::OfficeState::OfficeMustLook;
    office_.entriesQuarantined = 1;
    office_.logContradicted = true;
    office_.lastFailureReason = "DEVICE_REVOKED";
  }
  publish();
  const Access access = scenario == QLatin1String("notEnrolled")       ? Access::NotEnrolled
                        : scenario == QLatin1String("damaged")         ? Access::JournalDamaged
                        : scenario.startsWith(QLatin1String("locked")) ? Access::Locked
                                                                       : Access::Unlocked;
  setAccess(access, scenario == QLatin1String("lockedWait") ? kPinWaitMs : 0,
            access == Access::JournalDamaged);
  Q_EMIT scenarioChanged();
}

// Names with markup, reversed text direction, or only blanks.
void FakePhoneGateway::makeTextStrange() {
  const char* const names[] = {"Name <A>", "<img src='http://example.org/x.png'> Ann",
                               "Ann \u202enosnhoJ", "  \u200b ", "<b>Bold</b> &amp; Co"};
  for (std::size_t i = 0; i < std::size(names) && i < visits_.size(); ++i)
    visits_[i].row.personName = names[i];
  visits_[0].accessNote = "<a href='http://example.org'>Key</a> box";
  visits_[0].newerAppEvents = 1;
}

// The carer's records before the screen opens.
void FakePhoneGateway::recordScenario() {
  if (scenario_ == QLatin1String("atWork") || scenario_ == QLatin1String("offline") ||
      scenario_ == QLatin1String("error")) {
    recordWholeVisit(0);
    giveToOffice();
    const VisitId visit = visits_[1].row.visit;
    apply(recording::CheckIn{visit, {}});
    apply(recording::RecordTask{
        visit, {1, visits::TaskOutcome::Done, {}, visits::Independence::FullySupported}});
    apply(recording::RecordTask{
        visit, {2, visits::TaskOutcome::NotDone, visits::NotDoneReason::Refused, {}}});
    apply(recording::AddNote{visit, "Skin on the left heel is red. Told the nurse."});
  } else if (scenario_ == QLatin1String("night")) {
    apply(recording::CheckIn{visits_[0].row.visit, {}});
  } else if (scenario_ == QLatin1String("longWords")) {
    apply(recording::CheckIn{visits_[0].row.visit, {}});
    apply(recording::RecordTask{
        visits_[0].row.visit,
        {1, visits::TaskOutcome::PartlyDone, visits::NotDoneReason::NoSupplies,
         visits::Independence::FullySupported}});
  } else if (scenario_ == QLatin1String("evening")) {
    for (std::size_t i = 0; i < visits_.size(); ++i)
      recordWholeVisit(i);
    giveToOffice();
  } else if (scenario_ == QLatin1String("fourteen")) {
    for (std::size_t i = 0; i < 5; ++i)
      recordWholeVisit(i);
    giveToOffice();
    visits_[6].row.progress = projections::VisitProgress::Cancelled;
    visits_[6].canCheckIn = visits_[6].canReportNoEntry = false;
    recordWholeVisit(5);
  }
}

void FakePhoneGateway::recordWholeVisit(std::size_t index) {
  const VisitId visit = visits_[index].row.visit;
  apply(recording::CheckIn{visit, {}});
  for (const projections::TaskState& task : std::vector(visits_[index].tasks))
    apply(recording::RecordTask{
        visit,
        {task.task.taskNumber, visits::TaskOutcome::Done, {}, visits::Independence::Assisted}});
  apply(recording::CheckOut{visit, {}});
}

void FakePhoneGateway::setHolding(bool holding) {
  holding_ = holding;
  if (!holding) {
    for (const auto& answer : std::exchange(held_, {}))
      answer();
  }
  Q_EMIT scenarioChanged();
}

void FakePhoneGateway::answerLater(std::function<void()> answer) {
  if (holding_)
    held_.push_back(std::move(answer));
  else
    QTimer::singleShot(0, this, std::move(answer));
}

void FakePhoneGateway::enrol(const QString& text, const QString& pin) {
  answerLater([this, text, pin] {
    if (!online_ || !text.startsWith(QLatin1String("doorstep-enrol:"))) {
      Q_EMIT enrolAnswered(online_ ? QStringLiteral("ENROLMENT_TEXT_INVALID")
                                   : QStringLiteral("UNREACHABLE"));
      return;
    }
    if (!unlocked())
      pin_ = pin;
    setAccess(Access::Unlocked, 0);
    publish();
    Q_EMIT enrolAnswered({});
  });
}

void FakePhoneGateway::unlock(const QString& pin) {
  answerLater([this, pin] {
    if (pin == pin_) {
      wrongPins_ = 0;
      setAccess(Access::Unlocked, 0);
      Q_EMIT unlockAnswered({});
      return;
    }
    wrongPins_ += 1;
    setAccess(Access::Locked, wrongPins_ > kFreeTries ? kPinWaitMs : 0);
    Q_EMIT unlockAnswered(QStringLiteral("PIN_WRONG"));
  });
}

void FakePhoneGateway::lock() {
  answerLater([this] { setAccess(Access::Locked, 0); });
}

void FakePhoneGateway::showVisit(VisitId visit) {
  shown_ = visit;
  publish();
}

void FakePhoneGateway::record(const recording::Intent& intent) {
  answerLater([this, intent] {
    const VisitId visit = std::visit([](const auto& said) { return said.visit; }, intent);
    const QString reason = refusal_.isEmpty() ? apply(intent) : refusal_;
    publish();
    Q_EMIT recordAnswered(visit, reason);
  });
}

void FakePhoneGateway::syncNow() {
  answerLater([this] {
    office_.lastFailureReason = online_ ? "" : "UNAVAILABLE";
    if (online_)
      giveToOffice();
    publish();
  });
}

QString FakePhoneGateway::apply(const recording::Intent& intent) {
  const VisitId id = std::visit([](const auto& said) { return said.visit; }, intent);
  projections::VisitScreen* visit = find(id);
  if (!visit)
    return QStringLiteral("VISIT_MISSING");
  const auto* note = std::get_if<recording::AddNote>(&intent);
  if (note && note->text.empty())
    return QStringLiteral("NOTE_EMPTY");
  if (std::holds_alternative<recording::CheckIn>(intent) && visit->checkedInUnixMs)
    return QStringLiteral("ALREADY_RECORDED");
  journal_ << std::visit(Applier{*visit, nowUnixMs_}, intent);
  nowUnixMs_ += kMinuteMs;
  visit->row.office = projections::OfficeState::OnThisPhone;
  auto row = std::find_if(office_.visits.begin(), office_.visits.end(),
                          [id](const auto& r) { return r.visit == id; });
  if (row == office_.visits.end())
    row =
        office_.visits.insert(office_.visits.begin(),
                              {id, visit->row.personName, visit->row.windowStartUnixMs, 0, 0, {}});
  row->eventsOnThisPhone += 1;
  row->office = projections::OfficeState::OnThisPhone;
  office_.eventsOnThisPhone += 1;
  return {};
}

projections::VisitScreen* FakePhoneGateway::find(VisitId visit) {
  const auto at = std::find_if(visits_.begin(), visits_.end(),
                               [visit](const auto& v) { return v.row.visit == visit; });
  return at == visits_.end() ? nullptr : &*at;
}

void FakePhoneGateway::giveToOffice() {
  for (projections::OfficeRow& row : office_.visits) {
    row.eventsAtTheOffice += std::exchange(row.eventsOnThisPhone, 0u);
    row.office = projections::OfficeState::AtTheOffice;
    if (projections::VisitScreen* visit = find(row.visit))
      visit->row.office = row.office;
  }
  office_.eventsOnThisPhone = 0;
  office_.lastContactUnixMs = nowUnixMs_;
}

void FakePhoneGateway::publish() {
  projections::RoundScreen round;
  round.day = kFakeDay;
  round.carerName = scenario_ == QLatin1String("longWords") ? "Agnieszka Wiśniewska-Kowalczyk"
                                                            : "Agnieszka Nowak";
  round.eventsOnThisPhone = office_.eventsOnThisPhone;
  round.lastContactUnixMs = office_.lastContactUnixMs;
  round.planVersion = office_.planVersion;
  round.awaitsCode = scenario_ == QLatin1String("awaitsCode");
  if (scenario_ == QLatin1String("needsCode"))
    round.needsCode = projections::NeedsCode::CertificateEnded;
  if (scenario_ == QLatin1String("error"))
    round.needsCode = projections::NeedsCode::Refused;
  if (scenario_ == QLatin1String("wrongDate"))
    round.clockFault = projections::ClockFault::Date;
  bool nextFound = std::any_of(visits_.begin(), visits_.end(), [](const auto& v) {
    return v.row.progress == projections::VisitProgress::CheckedIn;
  });
  const bool inProgress = nextFound;
  for (projections::VisitScreen& visit : visits_) {
    const auto progress = visit.row.progress;
    visit.row.isNext = inProgress ? progress == projections::VisitProgress::CheckedIn
                                  : !nextFound && progress == projections::VisitProgress::ToDo;
    nextFound = nextFound || visit.row.isNext;
    round.visits.push_back(visit.row);
  }
  const projections::VisitScreen* shown = find(shown_);
  setScreens(std::move(round), shown ? std::optional(*shown) : std::nullopt, office_);
}

}  // namespace doorstep::ui
