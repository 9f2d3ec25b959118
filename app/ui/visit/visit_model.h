// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtQml/qqmlregistration.h>
#include <QAbstractListModel>
#include <QObject>
#include <QString>
#include <QVariantList>
#include <optional>

#include "app/ui/gateway/phone_gateway.h"
#include "app/ui/gateway/row_list.h"

namespace doorstep::ui {

// One visit: its plan, its records, and what may be recorded now.
//
// A tap sets `keeping` until the worker has answered; the page shows only what the journal
// contains, never the tap itself. Thread: GUI.
class VisitModel : public QObject {
  Q_OBJECT
  QML_ELEMENT
  Q_PROPERTY(doorstep::ui::PhoneGateway* gateway READ gateway WRITE setGateway NOTIFY gatewayChanged
                 REQUIRED)
  Q_PROPERTY(QString visit READ visit WRITE setVisit NOTIFY visitChanged)
  Q_PROPERTY(bool loaded READ loaded NOTIFY changed)
  Q_PROPERTY(QString person READ person NOTIFY changed)
  Q_PROPERTY(QString time READ time NOTIFY changed)
  Q_PROPERTY(QString service READ service NOTIFY changed)
  Q_PROPERTY(QString accessNote READ accessNote NOTIFY changed)
  Q_PROPERTY(QString colleagues READ colleagues NOTIFY changed)
  // Progress of the visit as text: "Arrived 08:02", "08:02 – 08:31", "No entry: no answer".
  Q_PROPERTY(QString progressText READ progressText NOTIFY changed)
  Q_PROPERTY(bool cancelled READ cancelled NOTIFY changed)
  // An event of the visit is of a kind unknown to this app.
  Q_PROPERTY(bool newerApp READ newerApp NOTIFY changed)
  Q_PROPERTY(int announcedDelayMin READ announcedDelayMin NOTIFY changed)
  Q_PROPERTY(int office READ office NOTIFY changed)
  // Rows: number, text, important, outcome, outcomeText.
  Q_PROPERTY(QAbstractListModel* tasks READ tasks CONSTANT)
  Q_PROPERTY(int tasksOpen READ tasksOpen NOTIFY changed)
  // Rows: text, time.
  Q_PROPERTY(QAbstractListModel* notes READ notes CONSTANT)
  Q_PROPERTY(bool canCheckIn READ canCheckIn NOTIFY changed)
  Q_PROPERTY(bool canRecord READ canRecord NOTIFY changed)
  Q_PROPERTY(bool canCheckOut READ canCheckOut NOTIFY changed)
  Q_PROPERTY(bool canReportNoEntry READ canReportNoEntry NOTIFY changed)
  Q_PROPERTY(bool canAnnounceDelay READ canAnnounceDelay NOTIFY changed)
  Q_PROPERTY(bool keeping READ keeping NOTIFY keepingChanged)
  Q_PROPERTY(QString failure READ failure NOTIFY keepingChanged)
  // {value, text, icon}
  Q_PROPERTY(QVariantList notDoneChoices READ notDoneChoices CONSTANT)
  Q_PROPERTY(QVariantList independenceChoices READ independenceChoices CONSTANT)
  Q_PROPERTY(QVariantList noEntryChoices READ noEntryChoices CONSTANT)

 public:
  // Values of visits::TaskOutcome.
  enum Outcome { NotRecorded, Done, PartlyDone, NotDone };
  Q_ENUM(Outcome)

  explicit VisitModel(QObject* parent = nullptr);
  PhoneGateway* gateway() const { return gateway_; }
  void setGateway(PhoneGateway* gateway);
  QString visit() const;
  void setVisit(const QString& visit);

  bool loaded() const { return screen_.has_value(); }
  QString person() const;
  QString time() const;
  QString service() const;
  QString accessNote() const;
  QString colleagues() const;
  QString progressText() const;
  bool cancelled() const;
  bool newerApp() const { return screen_ && screen_->newerAppEvents > 0; }
  int announcedDelayMin() const {
    return screen_ ? static_cast<int>(screen_->announcedDelayMin) : 0;
  }
  int office() const { return screen_ ? static_cast<int>(screen_->row.office) : 0; }
  QAbstractListModel* tasks() { return &tasks_; }
  int tasksOpen() const;
  QAbstractListModel* notes() { return &notes_; }
  bool canCheckIn() const { return screen_ && screen_->canCheckIn; }
  bool canRecord() const { return screen_ && screen_->canRecord; }
  bool canCheckOut() const { return screen_ && screen_->canCheckOut; }
  bool canReportNoEntry() const { return screen_ && screen_->canReportNoEntry; }
  bool canAnnounceDelay() const { return canCheckIn() && !cancelled(); }
  bool keeping() const { return keeping_; }
  QString failure() const { return failure_; }
  QVariantList notDoneChoices() const;
  QVariantList independenceChoices() const;
  QVariantList noEntryChoices() const;

  Q_INVOKABLE void checkIn();
  Q_INVOKABLE void checkOut();
  // reason and independence: the `value` of a choice, 0 if none.
  Q_INVOKABLE void recordTask(int number, doorstep::ui::VisitModel::Outcome outcome, int reason,
                              int independence);
  Q_INVOKABLE void addNote(const QString& text);
  Q_INVOKABLE void reportNoEntry(int reason);
  Q_INVOKABLE void announceDelay(int minutes);
  Q_INVOKABLE void dismissFailure();

 Q_SIGNALS:
  void gatewayChanged();
  void visitChanged();
  void changed();
  void keepingChanged();
  // Emitted when the record is durable on this phone.
  void kept();

 private:
  struct TaskRow {
    std::uint32_t key;
    projections::TaskState state;
  };
  struct NoteRow {
    std::size_t key;
    projections::RecordedNote note;
  };
  void take();
  void record(const recording::Intent& intent);
  void onAnswer(VisitId visit, const QString& reason);

  PhoneGateway* gateway_ = nullptr;
  VisitId visit_;
  std::optional<projections::VisitScreen> screen_;
  RowList<TaskRow> tasks_;
  RowList<NoteRow> notes_;
  bool keeping_ = false;
  QString failure_;
};

}  // namespace doorstep::ui
