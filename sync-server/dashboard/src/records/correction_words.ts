// SPDX-License-Identifier: Apache-2.0
// What records showed before somebody said lot, tier, payers or contract of their day otherwise.
import type {
  Contract,
  TermsCorrection,
  TermsCorrection_TermsBefore,
} from "@contract/doorstep/records/v1/records_service_pb";

import { shortDayText, timeTextOn } from "../design/london_time";
import { enumerated, say } from "../words/say";

const wholeShare = 10_000;
const roles = ["lead", "supplementary", "contingency"] as const;

// "Corrected 25 Nov, 10:02: the boundary was read wrongly"
export function correctedText(correction: TermsCorrection, day: string): string {
  return say("record.corrected", {
    time: timeTextOn(day, correction.madeUnixMs),
    reason: correction.reason,
  });
}

// "council=8000;nhs=2000" as "council 80%, nhs 20%"; what does not read so as it stands.
function payersText(split: string): string {
  const payers = split.split(";").map((part) => /^(.+)=(\d+)$/.exec(part));
  return payers.every((payer) => payer !== null)
    ? enumerated(
        payers.map((payer) =>
          say("record.payer", { name: payer[1]!, share: Number(payer[2]) / wholeShare }),
        ),
      )
    : split;
}

function whatText(before: TermsCorrection_TermsBefore, contracts: Contract[]): string {
  if (before.contractId !== 0n) {
    const contract = contracts.find((each) => each.contractId === before.contractId);
    return say("record.before_lot", {
      known: contract !== undefined,
      contract: contract?.ref ?? "",
      role: roles.find((role) => role === before.providerRole) ?? "other",
    });
  }
  return say("record.before_person", {
    lot: before.lot || say("record.before_no_lot"),
    tier: before.tier ? "other" : "none",
    tierName: before.tier,
    payers: before.funderSplit ? "other" : "none",
    payersText: before.funderSplit ? payersText(before.funderSplit) : "",
  });
}

// "Lot 4 Harborough, tier complex, from 2 Nov (until 25 Nov, 10:02)"
export function beforeText(
  before: TermsCorrection_TermsBefore,
  contracts: Contract[],
  day: string,
): string {
  let what = whatText(before, contracts);
  if (before.fromDay)
    what = say("record.before_from", {
      what,
      day: shortDayText(BigInt(Date.parse(`${before.fromDay}T12:00:00Z`))),
    });
  if (before.replacedUnixMs === undefined) return what;
  const since = before.madeUnixMs !== undefined;
  return say("record.before_span", {
    what,
    since,
    from: since ? timeTextOn(day, before.madeUnixMs!) : "",
    until: timeTextOn(day, before.replacedUnixMs),
  });
}
