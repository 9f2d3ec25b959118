// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QCoreApplication>
#include <QString>
#include <QVariantList>
#include <cstdint>
#include <string>
#include <vector>

#include "app/projections/screens.h"
#include "shared/visits/event.h"

namespace doorstep::ui {

// Texts for values: everything a carer reads that is not in QML. Thread: GUI.
class Wording {
  Q_DECLARE_TR_FUNCTIONS(Wording)

 public:
  // The fault and what to do, for an UPPER_SNAKE reason.
  static QString ofFailure(const std::string& reason);
  static QString ofEnrolmentText(const std::string& reason);

  static QString ofOutcome(const visits::TaskRecorded& recorded);
  static QString ofReason(visits::NotDoneReason reason);
  static QString ofIndependence(visits::Independence independence);
  static QString ofNoEntry(visits::NoEntryReason reason);
  static QString ofColleagues(const std::vector<projections::Colleague>& colleagues);

  // {value, text, icon} for the selection sheets.
  static QVariantList notDoneChoices();
  static QVariantList independenceChoices();
  static QVariantList noEntryChoices();

  // Texts of the plan and of carers for display: characters that reverse text direction or are
  // invisible are replaced. An empty name becomes a placeholder.
  static QString name(const std::string& text);
  static QString line(const std::string& text);
  static QString lines(const std::string& text);

  // Times of Europe/London: "08:30", "08:00 – 08:30" (not broken on a narrow page), "Mon 23 Nov";
  // with the day when it is not `today`.
  static QString clock(std::int64_t unixMs);
  static QString span(std::int64_t fromUnixMs, std::int64_t toUnixMs);
  static QString window(const projections::RoundVisit& row);
  static QString day(const std::string& day);
  static QString moment(std::int64_t unixMs, const std::string& today);
};

// An id as text for QML, since JavaScript numbers have 53 bits.
QString textOf(VisitId visit);
VisitId visitOf(const QString& text);

}  // namespace doorstep::ui
