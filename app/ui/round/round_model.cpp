// SPDX-License-Identifier: Apache-2.0
#include "app/ui/round/round_model.h"

#include <QCoreApplication>

#include "app/ui/gateway/wording.h"
#include "shared/core/local_time.h"

namespace doorstep::ui {
namespace {

QString progressText(projections::VisitProgress progress) {
  switch (progress) {
    case projections::VisitProgress::ToDo:
      return {};
    case projections::VisitProgress::CheckedIn:
      return QCoreApplication::translate("RoundModel", "You are here");
    case projections::VisitProgress::CheckedOut:
      return QCoreApplication::translate("RoundModel", "Finished");
    case projections::VisitProgress::NoEntry:
      return QCoreApplication::translate("RoundModel", "No entry");
    case projections::VisitProgress::Cancelled:
      return QCoreApplication::translate("RoundModel", "Cancelled");
  }
  return {};
}

}  // namespace

RoundModel::RoundModel(QObject* parent)
    : QObject(parent),
      rows_(
          {{"visit", [](const Row& r) { return QVariant(textOf(r.key)); }},
           {"person", [](const Row& r) { return QVariant(Wording::name(r.visit.personName)); }},
           {"time",
            [](const Row& r) { return QVariant(Wording::clock(r.visit.windowStartUnixMs)); }},
           {"day", [](const Row& r) { return QVariant(r.day); }},
           {"service", [](const Row& r) { return QVariant(Wording::line(r.visit.service)); }},
           {"colleagues",
            [](const Row& r) { return QVariant(Wording::ofColleagues(r.visit.colleagues)); }},
           {"progress", [](const Row& r) { return QVariant(static_cast<int>(r.visit.progress)); }},
           {"progressText", [](const Row& r) { return QVariant(progressText(r.visit.progress)); }},
           {"office", [](const Row& r) { return QVariant(static_cast<int>(r.visit.office)); }}},
          this) {}

void RoundModel::setGateway(PhoneGateway* gateway) {
  gateway_ = gateway;
  connect(gateway, &PhoneGateway::screensChanged, this, &RoundModel::take);
  Q_EMIT gatewayChanged();
  take();
}

void RoundModel::take() {
  next_ = {};
  std::vector<Row> rows;
  for (const projections::RoundVisit& visit : gateway_->round().visits) {
    if (visit.isNext && !next_.visit)
      next_ = visit;
    else
      rows.push_back({visit.visit, visit, otherDay(visit)});
  }
  rows_.setRows(std::move(rows));
  Q_EMIT changed();
}

QString RoundModel::dayText() const {
  return gateway_ ? Wording::day(gateway_->round().day) : QString();
}
QString RoundModel::carerName() const {
  return gateway_ ? Wording::line(gateway_->round().carerName) : QString();
}
bool RoundModel::planNeverCame() const { return gateway_ && gateway_->round().planVersion == 0; }
QString RoundModel::nextVisit() const { return textOf(next_.visit); }
QString RoundModel::nextPerson() const {
  return hasNext() ? Wording::name(next_.personName) : QString();
}
QString RoundModel::nextTime() const { return hasNext() ? Wording::window(next_) : QString(); }
QString RoundModel::nextDay() const { return hasNext() ? otherDay(next_) : QString(); }
QString RoundModel::otherDay(const projections::RoundVisit& visit) const {
  if (!gateway_ || visit.windowStartUnixMs == 0)
    return {};
  const std::string day = londonDay(visit.windowStartUnixMs);
  return day == gateway_->round().day ? QString() : Wording::day(day);
}
QString RoundModel::nextService() const {
  return QCoreApplication::translate("RoundModel", "%1 · %n\u00a0min", nullptr,
                                     static_cast<int>(next_.durationMin))
      .arg(Wording::line(next_.service));
}
QString RoundModel::nextColleagues() const { return Wording::ofColleagues(next_.colleagues); }
bool RoundModel::nextInProgress() const {
  return next_.progress == projections::VisitProgress::CheckedIn;
}
int RoundModel::waiting() const {
  return gateway_ ? static_cast<int>(gateway_->round().eventsOnThisPhone) : 0;
}
bool RoundModel::anythingRecorded() const { return gateway_ && !gateway_->office().visits.empty(); }
QString RoundModel::needsCode() const {
  if (!gateway_)
    return {};
  switch (gateway_->round().needsCode) {
    case projections::NeedsCode::No:
      return {};
    case projections::NeedsCode::CertificateEnded:
      return QCoreApplication::translate(
          "RoundModel",
          "This phone was too long without the office. Go on working: it is kept. Ask the office"
          " for a new code.");
    case projections::NeedsCode::Refused:
      return QCoreApplication::translate(
          "RoundModel",
          "The office must set up this phone again. Go on working: it is kept. Ask the office for"
          " a new code.");
  }
  return {};
}

QString RoundModel::clockFault() const {
  if (!gateway_)
    return {};
  switch (gateway_->round().clockFault) {
    case projections::ClockFault::None:
      return {};
    case projections::ClockFault::Date:
      return QCoreApplication::translate(
          "RoundModel",
          "This phone's date is wrong. You see the right day here. Set the date in the phone's"
          " settings.");
    case projections::ClockFault::Time:
      return QCoreApplication::translate(
          "RoundModel", "This phone's clock is wrong. Set the time in the phone's settings.");
  }
  return {};
}

bool RoundModel::officeMustLook() const {
  return gateway_ &&
         (gateway_->office().entriesQuarantined > 0 || gateway_->office().logContradicted);
}

}  // namespace doorstep::ui
