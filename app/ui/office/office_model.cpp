// SPDX-License-Identifier: Apache-2.0
#include "app/ui/office/office_model.h"

#include <QCoreApplication>

#include "app/ui/gateway/wording.h"

namespace doorstep::ui {
namespace {}  // namespace

OfficeModel::OfficeModel(QObject* parent)
    : QObject(parent),
      rows_({{"visit", [](const Row& r) { return QVariant(textOf(r.key)); }},
             {"person", [](const Row& r) { return QVariant(Wording::name(r.row.personName)); }},
             {"time", [](const Row& r) { return QVariant(r.time); }},
             {"waiting",
              [](const Row& r) { return QVariant(static_cast<int>(r.row.eventsOnThisPhone)); }},
             {"atTheOffice",
              [](const Row& r) { return QVariant(static_cast<int>(r.row.eventsAtTheOffice)); }},
             {"office", [](const Row& r) { return QVariant(static_cast<int>(r.row.office)); }}},
            this) {}

void OfficeModel::setGateway(PhoneGateway* gateway) {
  gateway_ = gateway;
  connect(gateway, &PhoneGateway::screensChanged, this, &OfficeModel::take);
  Q_EMIT gatewayChanged();
  take();
}

void OfficeModel::take() {
  screen_ = gateway_->office();
  std::vector<Row> rows;
  for (const projections::OfficeRow& row : screen_.visits)
    rows.push_back({row.visit, row, Wording::moment(row.windowStartUnixMs, gateway_->round().day)});
  rows_.setRows(std::move(rows));
  Q_EMIT changed();
}

QString OfficeModel::lastContact() const {
  return screen_.lastContactUnixMs
             ? Wording::moment(*screen_.lastContactUnixMs, gateway_->round().day)
             : QCoreApplication::translate("OfficeModel", "never");
}

QString OfficeModel::planVersion() const {
  return screen_.planVersion == 0 ? QString() : QString::number(screen_.planVersion);
}

bool OfficeModel::offline() const {
  return screen_.lastFailureReason == "UNAVAILABLE" ||
         screen_.lastFailureReason == "DEADLINE_EXCEEDED" ||
         screen_.lastFailureReason == "UNREACHABLE" ||
         screen_.lastFailureReason == "SERVER_STOPPING";
}

QString OfficeModel::failure() const {
  const std::string& reason = screen_.lastFailureReason;
  if (reason.empty() || offline())
    return {};
  const bool ofThisPhone = reason.starts_with("SQLITE_") || reason.starts_with("FILE_");
  if (reason == "DEVICE_REVOKED" || reason == "DEVICE_UNKNOWN" || ofThisPhone)
    return Wording::ofFailure(reason);
  return QCoreApplication::translate(
             "OfficeModel", "The office could not take it. What you recorded is kept. (%1)")
      .arg(QString::fromStdString(reason));
}

void OfficeModel::syncNow() { gateway_->syncNow(); }
void OfficeModel::lock() { gateway_->lock(); }

}  // namespace doorstep::ui
