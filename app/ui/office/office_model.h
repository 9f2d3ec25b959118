// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtQml/qqmlregistration.h>
#include <QAbstractListModel>
#include <QObject>
#include <QString>

#include "app/ui/gateway/phone_gateway.h"
#include "app/ui/gateway/row_list.h"

namespace doorstep::ui {

// What the office has, as proved by verified receipts. Thread: GUI.
class OfficeModel : public QObject {
  Q_OBJECT
  QML_ELEMENT
  Q_PROPERTY(doorstep::ui::PhoneGateway* gateway READ gateway WRITE setGateway NOTIFY gatewayChanged
                 REQUIRED)
  // Rows: visit, person, time, waiting, atTheOffice, office.
  Q_PROPERTY(QAbstractListModel* rows READ rows CONSTANT)
  Q_PROPERTY(bool empty READ empty NOTIFY changed)
  Q_PROPERTY(int waiting READ waiting NOTIFY changed)
  Q_PROPERTY(QString lastContact READ lastContact NOTIFY changed)
  // Empty until the first plan has arrived.
  Q_PROPERTY(QString planVersion READ planVersion NOTIFY changed)
  Q_PROPERTY(bool exchanging READ exchanging NOTIFY changed)
  Q_PROPERTY(bool offline READ offline NOTIFY changed)
  // A failure that the carer must act on; empty when the phone is merely offline.
  Q_PROPERTY(QString failure READ failure NOTIFY changed)
  Q_PROPERTY(int quarantined READ quarantined NOTIFY changed)
  Q_PROPERTY(bool contradicted READ contradicted NOTIFY changed)

 public:
  explicit OfficeModel(QObject* parent = nullptr);
  PhoneGateway* gateway() const { return gateway_; }
  void setGateway(PhoneGateway* gateway);

  QAbstractListModel* rows() { return &rows_; }
  bool empty() const { return rows_.rowCount() == 0; }
  int waiting() const { return static_cast<int>(screen_.eventsOnThisPhone); }
  QString lastContact() const;
  QString planVersion() const;
  bool exchanging() const { return screen_.exchanging; }
  bool offline() const;
  QString failure() const;
  int quarantined() const { return static_cast<int>(screen_.entriesQuarantined); }
  bool contradicted() const { return screen_.logContradicted; }

  Q_INVOKABLE void syncNow();
  Q_INVOKABLE void lock();

 Q_SIGNALS:
  void gatewayChanged();
  void changed();

 private:
  struct Row {
    VisitId key;
    projections::OfficeRow row;
    QString time;
  };
  void take();

  PhoneGateway* gateway_ = nullptr;
  projections::OfficeScreen screen_;
  RowList<Row> rows_;
};

}  // namespace doorstep::ui
