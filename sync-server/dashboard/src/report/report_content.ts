// SPDX-License-Identifier: Apache-2.0
// What a report prints, whoever asked for it: a page of figures, or the server's command.
import { create } from "@bufbuild/protobuf";
import type {
  GetMeasuresResponse,
  ListMeasuresResponse,
} from "@contract/doorstep/records/v1/measures_service_pb";
import type { ReportLog } from "@contract/doorstep/records/v1/report_pb";
import { type Contract, ContractSchema } from "@contract/doorstep/records/v1/records_service_pb";
import type {
  ListRuleVersionsResponse,
  RuleVersion,
} from "@contract/doorstep/records/v1/rules_service_pb";

import type { PackName } from "../figures/wording/measure_packs";
import { ruleText } from "../records/record_words";

export interface ReportContent {
  contract: Contract;
  pack: PackName;
  // Of the list, in its order.
  ids: string[];
  known: ListMeasuresResponse;
  figures: GetMeasuresResponse;
  // Of the period before; absent: not known yet.
  before: GetMeasuresResponse | undefined;
  periods: { now: string; before: string };
  rules: ListRuleVersionsResponse | undefined;
  // Where the logs stood; empty: not told.
  logs: ReportLog[];
  // Says when it was: the same text again only where nothing is open any more.
  dated: boolean;
}

// The versions that judged the visits, the newest first.
export const usedVersions = ({ figures, rules }: ReportContent): RuleVersion[] =>
  (rules?.versions ?? []).filter((version) =>
    figures.rules.some((use) => use.ruleVersion === version.ruleVersion),
  );

// What a measure should come to by the newest of these rules.
export const aimOf = (content: ReportContent, id: string): string | undefined =>
  usedVersions(content)[0]?.parameters?.targets?.targets.find((each) => each.measure === id)?.aim;

// The sentences that say when a start is on time and a visit missed.
export function versionText({ parameters }: RuleVersion): string {
  const { earlyToleranceMin, lateToleranceMin, timeCriticalToleranceMin, missedAfterMin } =
    parameters!;
  return ruleText(
    create(ContractSchema, {
      rules: { earlyToleranceMin, lateToleranceMin, timeCriticalToleranceMin, missedAfterMin },
    }),
  );
}
