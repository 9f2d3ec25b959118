// SPDX-License-Identifier: Apache-2.0
// Facts of the contract in words.
import {
  type Amended,
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
import { enumerated, isolated, type PlainKey, say } from "../words/say";

const placeMethods: Record<PlaceMethod, PlainKey> = {
  [PlaceMethod.UNSPECIFIED]: "place.unspecified",
  [PlaceMethod.MANUAL]: "place.manual",
  [PlaceMethod.POSITION]: "place.position",
  [PlaceMethod.NFC_TAG]: "place.nfc_tag",
  [PlaceMethod.QR_CODE]: "place.qr_code",
};

const outcomes: Record<TaskOutcome, PlainKey> = {
  [TaskOutcome.UNSPECIFIED]: "outcome.unspecified",
  [TaskOutcome.DONE]: "outcome.done",
  [TaskOutcome.PARTLY_DONE]: "outcome.partly_done",
  [TaskOutcome.NOT_DONE]: "outcome.not_done",
};

// Nothing is said where nothing was.
const notDoneReasons: Record<NotDoneReason, PlainKey | ""> = {
  [NotDoneReason.UNSPECIFIED]: "",
  [NotDoneReason.REFUSED]: "not_done.refused",
  [NotDoneReason.ASLEEP]: "not_done.asleep",
  [NotDoneReason.AWAY]: "not_done.away",
  [NotDoneReason.NOT_NEEDED_TODAY]: "not_done.not_needed_today",
  [NotDoneReason.DONE_BY_OTHERS]: "not_done.done_by_others",
  [NotDoneReason.NO_TIME]: "not_done.no_time",
  [NotDoneReason.NO_SUPPLIES]: "not_done.no_supplies",
  [NotDoneReason.UNSAFE]: "not_done.unsafe",
  [NotDoneReason.EQUIPMENT_FAULT]: "not_done.equipment_fault",
  [NotDoneReason.NOT_TRAINED]: "not_done.not_trained",
  [NotDoneReason.OTHER]: "not_done.other",
};

const independences: Record<Independence, PlainKey | ""> = {
  [Independence.UNSPECIFIED]: "",
  [Independence.SELF_MANAGED]: "independence.self_managed",
  [Independence.PROMPTED]: "independence.prompted",
  [Independence.ASSISTED]: "independence.assisted",
  [Independence.FULLY_SUPPORTED]: "independence.fully_supported",
};

const noEntryReasons: Record<NoEntryReason, PlainKey> = {
  [NoEntryReason.UNSPECIFIED]: "no_entry.unspecified",
  [NoEntryReason.NO_REPLY]: "no_entry.no_reply",
  [NoEntryReason.REFUSED_AT_DOOR]: "no_entry.refused_at_door",
  [NoEntryReason.UNSAFE]: "no_entry.unsafe",
};

const amendReasons: Record<AmendReason, PlainKey> = {
  [AmendReason.UNSPECIFIED]: "amend.unspecified",
  [AmendReason.WRONG_TAP]: "amend.wrong_tap",
  [AmendReason.FORGOT_TO_RECORD]: "amend.forgot_to_record",
  [AmendReason.WRONG_VISIT]: "amend.wrong_visit",
  [AmendReason.OTHER]: "amend.other",
};

// A value, a fact or a replacement of which this page knows nothing is never taken for one that it
// knows: an unknown replacement is no withdrawal.
const newer = "fact.newer_part";

// "position, 12 m from the address, ± 8 m, 3 s old"
export function placeText(place: PlaceEvidence | undefined): string {
  if (!place) return say(placeMethods[PlaceMethod.UNSPECIFIED]);
  const parts = [say(placeMethods[place.method] ?? newer)];
  if (place.distanceM !== undefined) parts.push(say("place.distance", { metres: place.distanceM }));
  if (place.accuracyM !== undefined) parts.push(say("place.accuracy", { metres: place.accuracyM }));
  if (place.fixAgeS !== undefined) parts.push(say("place.age", { seconds: place.fixAgeS }));
  return enumerated(parts);
}

// "not done: refused"
export function outcomeText(recorded: TaskRecorded): string {
  const reason = notDoneReasons[recorded.reason] ?? newer;
  const independence = independences[recorded.independence] ?? newer;
  return say("outcome.text", {
    outcome: say(outcomes[recorded.outcome] ?? newer),
    reasoned: reason !== "",
    reason: reason === "" ? "" : say(reason),
    helped: independence !== "",
    independence: independence === "" ? "" : say(independence),
  });
}

export interface FactWords {
  title: string;
  detail: string;
}

type TaskText = (taskNumber: number) => string;

function amendedText({ reason, replacement }: Amended, taskText: TaskText): string {
  const because = say(amendReasons[reason] ?? newer);
  const changed = () => {
    switch (replacement.case) {
      case "correctedTimeUnixMs":
        return say("fact.amended_time", { time: timeTextWithSeconds(replacement.value) });
      case "taskRecorded":
        return say("fact.amended_task", {
          task: taskText(replacement.value.taskNumber),
          outcome: outcomeText(replacement.value),
        });
      case "noteAdded":
        return say("fact.amended_note", { note: replacement.value.text });
      case "withdrawn":
        return say("fact.withdrawn");
      default:
        return say(newer);
    }
  };
  return say("fact.amended_text", { change: changed(), reason: because });
}

// taskText: the text of a planned task by its number.
export function factWords(said: Fact | undefined, taskText: TaskText): FactWords {
  const fact = said?.kind;
  switch (fact?.case) {
    case "checkedIn":
    case "checkedOut":
      return {
        title: say(fact.case === "checkedIn" ? "fact.checked_in" : "fact.checked_out"),
        detail: say("fact.place", { place: placeText(fact.value.place) }),
      };
    case "taskRecorded":
      return { title: taskText(fact.value.taskNumber), detail: outcomeText(fact.value) };
    case "noteAdded":
      return { title: say("fact.note"), detail: isolated(fact.value.text) };
    case "noEntry":
      return {
        title: say("fact.no_entry"),
        detail: say("fact.no_entry_text", {
          reason: say(noEntryReasons[fact.value.reason] ?? newer),
          place: placeText(fact.value.place),
        }),
      };
    case "runningLate":
      return {
        title: say("fact.running_late"),
        detail: say("fact.running_late_text", {
          delay: durationText(fact.value.expectedDelayMin),
        }),
      };
    case "amended": {
      const title = say("fact.amended", { number: fact.value.eventNumber });
      return { title, detail: amendedText(fact.value, taskText) };
    }
    default:
      return { title: say("fact.newer"), detail: say("fact.newer_text") };
  }
}
