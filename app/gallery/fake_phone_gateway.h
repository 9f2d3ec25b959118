// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QStringList>
#include <functional>
#include <vector>

#include "app/gallery/fake_round.h"
#include "app/ui/gateway/phone_gateway.h"

namespace doorstep::ui {

// A phone without journal, worker or network: keeps records in memory and answers from the event
// loop, as the real gateway does. Its clock starts at kFakeNowUnixMs and advances one minute per
// event. PIN 2468; any text that starts with doorstep-enrol: enrols. Thread: GUI.
class FakePhoneGateway : public PhoneGateway {
  Q_OBJECT
  QML_ELEMENT
  // One of scenarios(); set it first.
  Q_PROPERTY(QString scenario READ scenario WRITE setScenario NOTIFY scenarioChanged)
  // While true, answers are delayed: simulates a slow disk.
  Q_PROPERTY(bool holding READ holding WRITE setHolding NOTIFY scenarioChanged)
  // Every record() fails with this reason. Empty: none fails.
  Q_PROPERTY(QString refusal MEMBER refusal_)
  // Whether syncNow reaches the office.
  Q_PROPERTY(bool online MEMBER online_)
  // What was recorded, as text: "check-in", "task 1 outcome 3 reason 1 independence 0", "note
  // Tea".
  Q_PROPERTY(QStringList journal READ journal NOTIFY screensChanged)

 public:
  explicit FakePhoneGateway(QObject* parent = nullptr);

  static QStringList scenarios();
  QString scenario() const { return scenario_; }
  void setScenario(const QString& scenario);
  bool holding() const { return holding_; }
  void setHolding(bool holding);
  QStringList journal() const { return journal_; }

  void enrol(const QString& text, const QString& pin) override;
  void unlock(const QString& pin) override;
  void lock() override;
  void showVisit(VisitId visit) override;
  void record(const recording::Intent& intent) override;
  void syncNow() override;

 Q_SIGNALS:
  void scenarioChanged();

 private:
  void answerLater(std::function<void()> answer);
  QString apply(const recording::Intent& intent);
  projections::VisitScreen* find(VisitId visit);
  void recordScenario();
  void makeTextStrange();
  void recordWholeVisit(std::size_t index);
  void giveToOffice();
  void publish();

  QString scenario_;
  QString refusal_;
  bool online_ = true;
  bool holding_ = false;
  std::vector<std::function<void()>> held_;
  QStringList journal_;
  QString pin_;
  int wrongPins_ = 0;
  std::vector<projections::VisitScreen> visits_;
  projections::OfficeScreen office_;
  std::int64_t nowUnixMs_ = kFakeNowUnixMs;
  VisitId shown_;
};

}  // namespace doorstep::ui
