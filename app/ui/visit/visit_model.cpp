// SPDX-License-Identifier: Apache-2.0
#include "app/ui/visit/visit_model.h"

#include <QCoreApplication>
#include <algorithm>

#include "app/ui/gateway/wording.h"

namespace doorstep::ui {
namespace {}  // namespace

VisitModel::VisitModel(QObject* parent)
    : QObject(parent),
      tasks_(
          {{"number", [](const TaskRow& r) { return QVariant(static_cast<int>(r.key)); }},
           {"text", [](const TaskRow& r) { return QVariant(Wording::line(r.state.task.text)); }},
           {"important", [](const TaskRow& r) { return QVariant(r.state.task.critical); }},
           {"outcome",
            [](const TaskRow& r) {
              return QVariant(r.state.recorded ? static_cast<int>(r.state.recorded->outcome) : 0);
            }},
           {"outcomeText",
            [](const TaskRow& r) {
              return QVariant(r.state.recorded ? Wording::ofOutcome(*r.state.recorded) : QString());
            }}},
          this),
      notes_(
          {{"text", [](const NoteRow& r) { return QVariant(Wording::lines(r.note.text)); }},
           {"time", [](const NoteRow& r) { return QVariant(Wording::clock(r.note.wallUnixMs)); }}},
          this) {}

void VisitModel::setGateway(PhoneGateway* gateway) {
  gateway_ = gateway;
  connect(gateway, &PhoneGateway::screensChanged, this, &VisitModel::take);
  connect(gateway, &PhoneGateway::recordAnswered, this, &VisitModel::onAnswer);
  Q_EMIT gatewayChanged();
  take();
}

QString VisitModel::visit() const { return textOf(visit_); }

void VisitModel::setVisit(const QString& visit) {
  if (visitOf(visit) == visit_)
    return;
  visit_ = visitOf(visit);
  keeping_ = false;
  failure_.clear();
  Q_EMIT keepingChanged();
  if (gateway_)
    gateway_->showVisit(visit_);
  take();
  Q_EMIT visitChanged();
}

void VisitModel::take() {
  screen_.reset();
  if (gateway_ && visit_ && gateway_->visit() && gateway_->visit()->row.visit == visit_)
    screen_ = gateway_->visit();
  std::vector<TaskRow> tasks;
  std::vector<NoteRow> notes;
  if (screen_) {
    for (const projections::TaskState& task : screen_->tasks)
      tasks.push_back({task.task.taskNumber, task});
    for (const projections::RecordedNote& note : screen_->notes)
      notes.push_back({notes.size(), note});
  }
  tasks_.setRows(std::move(tasks));
  notes_.setRows(std::move(notes));
  Q_EMIT changed();
}

QString VisitModel::person() const {
  return screen_ ? Wording::name(screen_->row.personName) : QString();
}
QString VisitModel::time() const { return screen_ ? Wording::window(screen_->row) : QString(); }
QString VisitModel::service() const {
  return screen_ ? QCoreApplication::translate("VisitModel", "%1 · %n\u00a0min", nullptr,
                                               static_cast<int>(screen_->row.durationMin))
                       .arg(Wording::line(screen_->row.service))
                 : QString();
}
QString VisitModel::accessNote() const {
  return screen_ ? Wording::lines(screen_->accessNote) : QString();
}
QString VisitModel::colleagues() const {
  return screen_ ? Wording::ofColleagues(screen_->row.colleagues) : QString();
}
bool VisitModel::cancelled() const {
  return screen_ && screen_->row.progress == projections::VisitProgress::Cancelled;
}

QString VisitModel::progressText() const {
  if (!screen_)
    return {};
  if (screen_->checkedInUnixMs && screen_->checkedOutUnixMs)
    return QCoreApplication::translate("VisitModel", "Finished: %1")
        .arg(Wording::span(*screen_->checkedInUnixMs, *screen_->checkedOutUnixMs));
  if (screen_->checkedOutUnixMs)
    return QCoreApplication::translate("VisitModel", "Left: %1")
        .arg(Wording::clock(*screen_->checkedOutUnixMs));
  if (screen_->checkedInUnixMs)
    return QCoreApplication::translate("VisitModel", "Arrived: %1")
        .arg(Wording::clock(*screen_->checkedInUnixMs));
  if (screen_->noEntry)
    return QCoreApplication::translate("VisitModel", "No entry: %1")
        .arg(Wording::ofNoEntry(*screen_->noEntry));
  return cancelled() ? QCoreApplication::translate("VisitModel", "Cancelled by the office")
                     : QString();
}

int VisitModel::tasksOpen() const {
  return static_cast<int>(std::count_if(tasks_.rows().begin(), tasks_.rows().end(),
                                        [](const TaskRow& row) { return !row.state.recorded; }));
}

QVariantList VisitModel::notDoneChoices() const { return Wording::notDoneChoices(); }
QVariantList VisitModel::independenceChoices() const { return Wording::independenceChoices(); }
QVariantList VisitModel::noEntryChoices() const { return Wording::noEntryChoices(); }

void VisitModel::record(const recording::Intent& intent) {
  if (keeping_ || !visit_)
    return;
  keeping_ = true;
  failure_.clear();
  Q_EMIT keepingChanged();
  gateway_->record(intent);
}

void VisitModel::onAnswer(VisitId visit, const QString& reason) {
  if (visit != visit_)
    return;
  keeping_ = false;
  // A second tap on the same button: it is recorded, which is what the carer wants.
  const bool done = reason.isEmpty() || reason == QStringLiteral("ALREADY_RECORDED");
  failure_ = done ? QString() : Wording::ofFailure(reason.toStdString());
  Q_EMIT keepingChanged();
  if (done)
    Q_EMIT kept();
}

void VisitModel::checkIn() { record(recording::CheckIn{visit_, std::nullopt}); }
void VisitModel::checkOut() { record(recording::CheckOut{visit_, std::nullopt}); }

void VisitModel::recordTask(int number, Outcome outcome, int reason, int independence) {
  record(recording::RecordTask{
      visit_,
      {static_cast<std::uint32_t>(number), static_cast<visits::TaskOutcome>(outcome),
       static_cast<visits::NotDoneReason>(reason),
       static_cast<visits::Independence>(independence)}});
}

void VisitModel::addNote(const QString& text) {
  record(recording::AddNote{visit_, text.trimmed().toStdString()});
}
void VisitModel::reportNoEntry(int reason) {
  record(recording::ReportNoEntry{visit_, static_cast<visits::NoEntryReason>(reason)});
}
void VisitModel::announceDelay(int minutes) {
  record(recording::AnnounceDelay{visit_, static_cast<std::uint32_t>(minutes)});
}

void VisitModel::dismissFailure() {
  failure_.clear();
  Q_EMIT keepingChanged();
}

}  // namespace doorstep::ui
