// SPDX-License-Identifier: Apache-2.0
// Facts of the contract in words.
import {
  AmendReason,
  type Fact,
  Independence,
  NoEntryReason,
  NotDoneReason,
  type PlaceEvidence,
  PlaceMethod,
  TaskOutcome,
  type TaskRecorded,
} from "@contract/doorstep/visit/v1/event_pb";

import { durationText, timeTextWithSeconds } from "../design/london_time";

const placeMethods: Record<PlaceMethod, string> = {
  [PlaceMethod.UNSPECIFIED]: "place not shown",
  [PlaceMethod.MANUAL]: "tapped on the screen",
  [PlaceMethod.POSITION]: "position",
  [PlaceMethod.NFC_TAG]: "the home’s tag",
  [PlaceMethod.QR_CODE]: "the home’s QR code",
};

const outcomes: Record<TaskOutcome, string> = {
  [TaskOutcome.UNSPECIFIED]: "outcome not known",
  [TaskOutcome.DONE]: "done",
  [TaskOutcome.PARTLY_DONE]: "partly done",
  [TaskOutcome.NOT_DONE]: "not done",
};

const notDoneReasons: Record<NotDoneReason, string> = {
  [NotDoneReason.UNSPECIFIED]: "",
  [NotDoneReason.REFUSED]: "refused",
  [NotDoneReason.ASLEEP]: "asleep",
  [NotDoneReason.AWAY]: "away",
  [NotDoneReason.NOT_NEEDED_TODAY]: "not needed today",
  [NotDoneReason.DONE_BY_OTHERS]: "done by others",
  [NotDoneReason.NO_TIME]: "no time",
  [NotDoneReason.NO_SUPPLIES]: "no supplies",
  [NotDoneReason.UNSAFE]: "not safe",
  [NotDoneReason.EQUIPMENT_FAULT]: "equipment fault",
  [NotDoneReason.NOT_TRAINED]: "not trained for it",
  [NotDoneReason.OTHER]: "another reason, see the note",
};

const independences: Record<Independence, string> = {
  [Independence.UNSPECIFIED]: "",
  [Independence.SELF_MANAGED]: "did it alone",
  [Independence.PROMPTED]: "after a word",
  [Independence.ASSISTED]: "with help",
  [Independence.FULLY_SUPPORTED]: "fully supported",
};

const noEntryReasons: Record<NoEntryReason, string> = {
  [NoEntryReason.UNSPECIFIED]: "no reason given",
  [NoEntryReason.NO_REPLY]: "nobody answered",
  [NoEntryReason.REFUSED_AT_DOOR]: "the person did not want the visit",
  [NoEntryReason.UNSAFE]: "it was not safe to go in",
};

const amendReasons: Record<AmendReason, string> = {
  [AmendReason.UNSPECIFIED]: "no reason given",
  [AmendReason.WRONG_TAP]: "wrong tap",
  [AmendReason.FORGOT_TO_RECORD]: "forgot to record",
  [AmendReason.WRONG_VISIT]: "wrong visit",
  [AmendReason.OTHER]: "another reason",
};

// A value, a fact or a replacement of which this page knows nothing is never taken for one that it
// knows: an unknown replacement is no withdrawal.
const newer = "recorded with a newer app";

// "position, 12 m from the address, ± 8 m, 3 s old"
export function placeText(place: PlaceEvidence | undefined): string {
  if (!place) return placeMethods[PlaceMethod.UNSPECIFIED];
  const parts = [placeMethods[place.method] ?? newer];
  if (place.distanceM !== undefined) parts.push(`${place.distanceM} m from the address`);
  if (place.accuracyM !== undefined) parts.push(`± ${place.accuracyM} m`);
  if (place.fixAgeS !== undefined) parts.push(`${place.fixAgeS} s old`);
  return parts.join(", ");
}

// "not done: refused"
export function outcomeText(recorded: TaskRecorded): string {
  const reason = notDoneReasons[recorded.reason] ?? newer;
  const independence = independences[recorded.independence] ?? newer;
  const outcome = outcomes[recorded.outcome] ?? newer;
  return `${outcome}${reason ? `: ${reason}` : ""}${independence ? `, ${independence}` : ""}`;
}

export interface FactWords {
  title: string;
  detail: string;
}

// taskText: the text of a planned task by its number.
export function factWords(
  said: Fact | undefined,
  taskText: (taskNumber: number) => string,
): FactWords {
  const fact = said?.kind;
  switch (fact?.case) {
    case "checkedIn":
      return { title: "Checked in", detail: `Place: ${placeText(fact.value.place)}` };
    case "checkedOut":
      return { title: "Checked out", detail: `Place: ${placeText(fact.value.place)}` };
    case "taskRecorded":
      return { title: taskText(fact.value.taskNumber), detail: outcomeText(fact.value) };
    case "noteAdded":
      return { title: "Note", detail: fact.value.text };
    case "noEntry": {
      const reason = noEntryReasons[fact.value.reason] ?? newer;
      return {
        title: "Could not get in",
        detail: `${reason}. Place: ${placeText(fact.value.place)}`,
      };
    }
    case "runningLate":
      return {
        title: "Running late",
        detail: `expects ${durationText(fact.value.expectedDelayMin)} of delay`,
      };
    case "amended": {
      const because = amendReasons[fact.value.reason] ?? newer;
      const replacement = fact.value.replacement;
      const by =
        replacement.case === "correctedTimeUnixMs"
          ? `the right time is ${timeTextWithSeconds(replacement.value)}`
          : replacement.case === "taskRecorded"
            ? `${taskText(replacement.value.taskNumber)}: ${outcomeText(replacement.value)}`
            : replacement.case === "noteAdded"
              ? `the note is: ${replacement.value.text}`
              : replacement.case === "withdrawn"
                ? "it is withdrawn"
                : newer;
      return { title: `Corrected event ${fact.value.eventNumber}`, detail: `${by} (${because})` };
    }
    default:
      return {
        title: "Recorded with a newer app",
        detail: "This page is older than the phone and cannot show it.",
      };
  }
}
