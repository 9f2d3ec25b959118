// SPDX-License-Identifier: Apache-2.0
// What a preview was asked; its lists of visits are asked the same.
import type { RuleParameters } from "@contract/doorstep/roster/v1/contract_rules_pb";

export interface PreviewQuestion {
  contractId: bigint;
  draft: RuleParameters;
  // Local days, both inclusive.
  firstDay: string;
  lastDay: string;
}
