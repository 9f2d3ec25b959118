// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtQml/qqmlregistration.h>
#include <QObject>
#include <QString>
#include <cstdint>
#include <optional>

#include "app/projections/screens.h"
#include "app/recording/intent.h"

namespace doorstep::ui {

// The screens' interface to the phone: intents in, values out. View models use it; nothing above it
// sees a database, a network or a thread.
//
// A tap is answered by recordAnswered, only after the journal's commit. What the office has is part
// of the values and derived from receipts only.
//
// Implementations: app/live_phone_gateway.h over AppContext, app/gallery/fake_phone_gateway.h for
// gallery and tests. Every intent returns at once: the GUI thread touches no disk and no network.
// Thread: GUI.
class PhoneGateway : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("main makes the one gateway and hands it on")
  Q_PROPERTY(Access access READ access NOTIFY accessChanged)
  Q_PROPERTY(bool unlocked READ unlocked NOTIFY accessChanged)

 public:
  enum class Access {
    Starting,        // the worker has not answered yet
    NotEnrolled,     // ended by enrol()
    Locked,          // ended by unlock()
    Unlocked,        // ended by lock()
    JournalDamaged,  // the journal was set aside; ended by enrol(), or, with
                     // canRecordMeanwhile(), by unlock()
  };
  Q_ENUM(Access)

  using QObject::QObject;

  // Why the text cannot be an enrolment code, UPPER_SNAKE; empty: it may be one. Checks only the
  // text, in at most a few milliseconds.
  virtual QString enrolmentTextFault(const QString& text) const {
    Q_UNUSED(text)
    return {};
  }
  virtual void enrol(const QString& text, const QString& pin) = 0;
  virtual void unlock(const QString& pin) = 0;
  Q_INVOKABLE virtual void lock() = 0;
  // Selects the visit of visit() from now on; absent: none.
  virtual void showVisit(VisitId visit) = 0;
  virtual void record(const recording::Intent& intent) = 0;
  // On the carer's request: starts an exchange at once.
  virtual void syncNow() = 0;

  Access access() const { return access_; }
  bool unlocked() const { return access_ == Access::Unlocked; }
  std::int64_t pinWaitMs() const { return pinWaitMs_; }
  // With JournalDamaged: the PIN opens a phone that records while it waits for a code.
  bool canRecordMeanwhile() const { return canRecordMeanwhile_; }
  const projections::RoundScreen& round() const { return round_; }
  const std::optional<projections::VisitScreen>& visit() const { return visit_; }
  const projections::OfficeScreen& office() const { return office_; }

 Q_SIGNALS:
  void accessChanged();
  void pinWaitChanged();
  // round(), visit() or office() may have changed.
  void screensChanged();
  // reason: UPPER_SNAKE, empty for success.
  void enrolAnswered(const QString& reason);
  void unlockAnswered(const QString& reason);
  void recordAnswered(doorstep::VisitId visit, const QString& reason);

 protected:
  void setAccess(Access access, std::int64_t pinWaitMs, bool canRecordMeanwhile = false);
  void setScreens(projections::RoundScreen round, std::optional<projections::VisitScreen> visit,
                  projections::OfficeScreen office);

 private:
  Access access_ = Access::Starting;
  std::int64_t pinWaitMs_ = 0;
  bool canRecordMeanwhile_ = false;
  projections::RoundScreen round_;
  std::optional<projections::VisitScreen> visit_;
  projections::OfficeScreen office_;
};

}  // namespace doorstep::ui
