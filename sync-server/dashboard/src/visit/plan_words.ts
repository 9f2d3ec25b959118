// SPDX-License-Identifier: Apache-2.0
// Which plan judges a visit, who published it and what changed after it was locked, in words.
import {
  CalledOff,
  type JudgedPlan,
  type PlanPublication,
  PlanReason,
} from "@contract/doorstep/roster/v1/plan_version_pb";

import { dayOf, timeTextOn } from "../design/london_time";
import { enumerated, say } from "../words/say";

const reasons: Record<PlanReason, "import" | "reassignment" | "other"> = {
  [PlanReason.UNSPECIFIED]: "other",
  [PlanReason.IMPORT]: "import",
  [PlanReason.REASSIGNMENT]: "reassignment",
};

// "version 7, published 20 Nov, 16:02 by Olu Example, rota imported"
export function publicationText(plan: PlanPublication | undefined, day: string): string {
  if (!plan) return say("plan.not_known");
  const dated = plan.madeUnixMs !== undefined;
  return say("plan.publication", {
    version: plan.planVersion,
    dated,
    time: dated ? timeTextOn(day, plan.madeUnixMs!) : "",
    author: plan.accountName ? "account" : dated ? "operator" : "other",
    name: plan.accountName,
    reason: reasons[plan.reason] ?? "other",
  });
}

// One sentence or two on what judges the visit.
export function judgedPlanText(plan: JudgedPlan): string {
  const day = dayOf(plan.windowStartUnixMs);
  if (plan.plannedAfterwards) return say("plan.planned_afterwards");
  const publication = publicationText(plan.publication, day);
  if (!plan.locked) return say("plan.not_locked", { publication });
  const known = plan.lockedUnixMs !== undefined;
  return say("plan.locked", {
    known,
    since: known ? timeTextOn(day, plan.lockedUnixMs!) : "",
    window: say("time.span", {
      from: timeTextOn(day, plan.windowStartUnixMs),
      to: timeTextOn(day, plan.windowEndUnixMs),
    }),
    publication,
  });
}

type CalledOffWord = "before" | "office" | "person" | "council" | "since" | "other";

const callers: Record<CalledOff, CalledOffWord> = {
  [CalledOff.UNSPECIFIED]: "other",
  [CalledOff.AT_LOCK]: "before",
  [CalledOff.BY_PROVIDER]: "office",
  [CalledOff.BY_PERSON]: "person",
  [CalledOff.BY_COUNCIL]: "council",
  [CalledOff.SINCE]: "since",
};

// Empty: it is not called off.
export function calledOffText(plan: JudgedPlan): string {
  if (plan.calledOff === CalledOff.UNSPECIFIED) return "";
  return say("plan.called_off", { when: callers[plan.calledOff] ?? "other" });
}

// What was changed after the lock, and who wanted it. Empty: nothing.
export function lateChangesText(plan: JudgedPlan): string {
  if (plan.changesAfterLock === 0) return "";
  const wanted = (
    [
      [plan.lateChangesOffice, "plan.wanted.office"],
      [plan.lateChangesPerson, "plan.wanted.person"],
      [plan.lateChangesCouncil, "plan.wanted.council"],
    ] as const
  )
    .filter(([count]) => count !== 0)
    .map(([count, who]) => say(who, { count }));
  return say("plan.late_changes", { count: plan.changesAfterLock, wanted: enumerated(wanted) });
}
