// SPDX-License-Identifier: Apache-2.0
// Which plan judges a visit, who published it and what changed after it was locked, in words.
import {
  type JudgedPlan,
  type PlanPublication,
  PlanReason,
} from "@contract/doorstep/roster/v1/plan_version_pb";

import { dayOf, timeTextOn } from "../design/london_time";
import { counted } from "../design/plural";
import { isolated } from "../server/shown_text";

const reasons: Record<PlanReason, string> = {
  [PlanReason.UNSPECIFIED]: "",
  [PlanReason.IMPORT]: "rota imported",
  [PlanReason.REASSIGNMENT]: "carer changed",
};

// "version 7, published 20 Nov, 16:02 by Olu Example, rota imported"
export function publicationText(plan: PlanPublication | undefined, day: string): string {
  if (!plan) return "not known";
  const when =
    plan.madeUnixMs === undefined
      ? "published before this was kept"
      : `published ${timeTextOn(day, plan.madeUnixMs)}`;
  const by = plan.accountName
    ? ` by ${isolated(plan.accountName)}`
    : plan.madeUnixMs === undefined
      ? ""
      : " by the server’s operator";
  const why = reasons[plan.reason] ?? "";
  return `version ${plan.planVersion}, ${when}${by}${why ? `, ${why}` : ""}`;
}

// One sentence or two on what judges the visit.
export function judgedPlanText(plan: JudgedPlan): string {
  const day = dayOf(plan.windowStartUnixMs);
  if (plan.plannedAfterwards)
    return "Planned after its own latest start: no plan was there to keep, so no time is judged.";
  const from = timeTextOn(day, plan.windowStartUnixMs);
  const to = timeTextOn(day, plan.windowEndUnixMs);
  const version = publicationText(plan.publication, day);
  if (!plan.locked) return `Not locked yet. The newest plan counts until then: ${version}.`;
  const since =
    plan.lockedUnixMs === undefined ? "" : ` since ${timeTextOn(day, plan.lockedUnixMs)}`;
  return `Locked${since}: start ${from}–${to}, ${version}.`;
}

// What was changed after the lock, and who wanted it. Empty: nothing.
export function lateChangesText(plan: JudgedPlan): string {
  if (plan.changesAfterLock === 0) return "";
  const wanted = [
    [plan.lateChangesOffice, "the office"],
    [plan.lateChangesPerson, "the person"],
    [plan.lateChangesCouncil, "the council"],
  ]
    .filter(([count]) => count !== 0)
    .map(([count, who]) => `${count} by ${who}`);
  const changes = counted(plan.changesAfterLock, "change");
  return `${changes} of times or carers after that, wanted: ${wanted.join(", ")}. None judges.`;
}
