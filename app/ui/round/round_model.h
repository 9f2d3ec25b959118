// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtQml/qqmlregistration.h>
#include <QAbstractListModel>
#include <QObject>
#include <QString>

#include "app/ui/gateway/phone_gateway.h"
#include "app/ui/gateway/row_list.h"

namespace doorstep::ui {

// Today's round: the next visit and the others. Thread: GUI.
class RoundModel : public QObject {
  Q_OBJECT
  QML_ELEMENT
  Q_PROPERTY(doorstep::ui::PhoneGateway* gateway READ gateway WRITE setGateway NOTIFY gatewayChanged
                 REQUIRED)
  Q_PROPERTY(QString dayText READ dayText NOTIFY changed)
  Q_PROPERTY(QString carerName READ carerName NOTIFY changed)
  Q_PROPERTY(bool empty READ empty NOTIFY changed)
  Q_PROPERTY(bool planNeverCame READ planNeverCame NOTIFY changed)
  // Whether a visit is next or in progress; described by the next… properties.
  Q_PROPERTY(bool hasNext READ hasNext NOTIFY changed)
  Q_PROPERTY(QString nextVisit READ nextVisit NOTIFY changed)
  Q_PROPERTY(QString nextPerson READ nextPerson NOTIFY changed)
  Q_PROPERTY(QString nextTime READ nextTime NOTIFY changed)
  Q_PROPERTY(QString nextDay READ nextDay NOTIFY changed)
  Q_PROPERTY(QString nextService READ nextService NOTIFY changed)
  Q_PROPERTY(QString nextColleagues READ nextColleagues NOTIFY changed)
  Q_PROPERTY(bool nextInProgress READ nextInProgress NOTIFY changed)
  // Rows: visit, person, time, day, service, colleagues, progress, progressText, office; by time.
  Q_PROPERTY(QAbstractListModel* rows READ rows CONSTANT)
  Q_PROPERTY(int waiting READ waiting NOTIFY changed)
  Q_PROPERTY(bool anythingRecorded READ anythingRecorded NOTIFY changed)
  Q_PROPERTY(bool officeMustLook READ officeMustLook NOTIFY changed)
  // The phone waits for a new code.
  Q_PROPERTY(bool awaitsCode READ awaitsCode NOTIFY changed)
  // Text: this device needs a new code, and what to do; empty: it does not.
  Q_PROPERTY(QString needsCode READ needsCode NOTIFY changed)
  // Text: the phone's date or time is wrong, and what to do; empty: no fault is known.
  Q_PROPERTY(QString clockFault READ clockFault NOTIFY changed)

 public:
  // Values of projections::VisitProgress.
  enum Progress { ToDo, CheckedIn, CheckedOut, NoEntry, Cancelled };
  Q_ENUM(Progress)

  explicit RoundModel(QObject* parent = nullptr);
  PhoneGateway* gateway() const { return gateway_; }
  void setGateway(PhoneGateway* gateway);

  QString dayText() const;
  QString carerName() const;
  bool empty() const { return rows_.rowCount() == 0 && !hasNext(); }
  bool planNeverCame() const;
  bool hasNext() const { return static_cast<bool>(next_.visit); }
  QString nextVisit() const;
  QString nextPerson() const;
  QString nextTime() const;
  QString nextDay() const;
  QString nextService() const;
  QString nextColleagues() const;
  bool nextInProgress() const;
  QAbstractListModel* rows() { return &rows_; }
  int waiting() const;
  bool anythingRecorded() const;
  bool officeMustLook() const;
  bool awaitsCode() const { return gateway_ && gateway_->round().awaitsCode; }
  QString needsCode() const;
  QString clockFault() const;

 Q_SIGNALS:
  void gatewayChanged();
  void changed();

 private:
  struct Row {
    VisitId key;
    projections::RoundVisit visit;
    QString day;  // as otherDay()
  };
  void take();
  // The day of a visit that is not today's, on a night round: tomorrow's, or begun yesterday.
  // Empty: today's.
  QString otherDay(const projections::RoundVisit& visit) const;

  PhoneGateway* gateway_ = nullptr;
  projections::RoundVisit next_;
  RowList<Row> rows_;
};

}  // namespace doorstep::ui
