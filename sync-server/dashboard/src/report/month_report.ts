// SPDX-License-Identifier: Apache-2.0
// The report that the server's command gives to the page that prints it.
import type { Contract } from "@contract/doorstep/records/v1/records_service_pb";
import type { MonthReport } from "@contract/doorstep/records/v1/report_pb";

import { monthText, moveDay } from "../design/london_time";
import { packMeasures, type PackName, packNames } from "../figures/wording/measure_packs";
import type { ReportContent } from "./report_content";

function packOf(name: string): PackName {
  const pack = packNames.find((each) => each === name);
  if (!pack) throw new Error(`no list ${name}`);
  return pack;
}

function contractOf({ contract }: MonthReport): Contract {
  if (!contract) throw new Error("no contract");
  return contract;
}

// Names of those whose visits are counted.
export const providersOf = (report: MonthReport): string[] =>
  contractOf(report)
    .providers.filter(
      ({ providerId }) => report.providerId === 0n || providerId === report.providerId,
    )
    .map(({ providerName }) => providerName);

export function contentOf(report: MonthReport): ReportContent {
  const { known, figures, before, rules, logs } = report;
  if (!known || !figures) throw new Error("no figures");
  const pack = packOf(report.pack);
  const ids = known.measures.map(({ id }) => id);
  return {
    contract: contractOf(report),
    pack,
    ids: packMeasures(pack, ids),
    known,
    figures,
    before,
    periods: {
      now: monthText(report.firstDay.slice(0, 7)),
      before: monthText(moveDay(report.firstDay, -1).slice(0, 7)),
    },
    rules,
    logs,
    dated: !report.isOver,
  };
}
