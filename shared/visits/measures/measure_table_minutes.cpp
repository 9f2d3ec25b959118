// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measures/measure_terms.h"

namespace doorstep::measures {
namespace {

using Totals = const GroupTotals&;

Figure minutes(Wide ms) { return {ms, kMinuteMs}; }

}  // namespace

std::vector<Measure> minutesMeasures() {
  const auto billable = [](Totals t) { return minutes(t.billableMs); };
  return {
      perGroup("billable.minutes", billable),
      perGroup("billable.rounding_drift", [](Totals t) { return minutes(t.driftMs); }),
      perGroup(
          "delivered.of_commissioned_capped",
          [](Totals t) {
            return Figure{t.cappedMs, t.commissionedMs};
          },
          Needs::Packages),
      perGroup("waterfall.planned", [](Totals t) { return minutes(t.plannedMs); }),
      perGroup("waterfall.delivered", [](Totals t) { return minutes(t.deliveredMs); }),
      perGroup("waterfall.billable", billable),
      perGroup("waterfall.loss", [](Totals t) { return minutes(t.plannedMs - t.deliveredMs); }),
      perGroup(
          "waterfall.commissioned", [](Totals t) { return minutes(t.commissionedMs); },
          Needs::Packages),
      perGroup(
          "waterfall.invoiced", [](Totals t) { return minutes(t.invoicedMs); }, Needs::Invoices),
      perGroup(
          "waterfall.plan_gap", [](Totals t) { return minutes(t.commissionedMs - t.plannedMs); },
          Needs::Packages),
      perGroup(
          "waterfall.over_claim", [](Totals t) { return minutes(t.invoicedMs - t.billableMs); },
          Needs::Invoices),
      perGroup(
          "waterfall.credit", [](Totals t) { return minutes(t.commissionedMs - t.invoicedMs); },
          Needs::PackagesAndInvoices),
      perGroup(
          "packages.drift",
          [](Totals t) {
            return Figure{t.packagesDrifted, t.packagesCounted};
          },
          Needs::Packages),
  };
}

}  // namespace doorstep::measures
