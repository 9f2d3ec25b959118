// SPDX-License-Identifier: Apache-2.0
// What a person reads when a call failed. The words come from the code, never from the server's
// text, which is for developers.
import { Code, ConnectError } from "@connectrpc/connect";

import { type PlainKey, say } from "../words/say";

const words: Partial<Record<Code, PlainKey>> = {
  [Code.Unauthenticated]: "failure.unauthenticated",
  [Code.PermissionDenied]: "failure.permission_denied",
  [Code.NotFound]: "failure.not_found",
  [Code.InvalidArgument]: "failure.invalid_argument",
  [Code.ResourceExhausted]: "failure.resource_exhausted",
  [Code.DeadlineExceeded]: "failure.deadline_exceeded",
  [Code.Unavailable]: "failure.unavailable",
  [Code.Unimplemented]: "failure.unimplemented",
};

// Reasons with words of their own. A service sends its reason as the message too.
const reasonWords: ReadonlyMap<string, PlainKey> = new Map([
  ["CROSS_SITE", "failure.cross_site"],
  ["HOST_UNKNOWN", "failure.host_unknown"],
  ["STREAM_HELD_BACK", "failure.stream_held_back"],
  ["TOO_MANY_QUESTIONS", "failure.too_many_questions"],
  ["QUESTION_TOO_LONG", "failure.question_too_long"],
  ["MONTH_NOT_OVER", "failure.month_not_over"],
  ["MONTH_EMPTY", "failure.month_empty"],
  ["ALREADY_FROZEN", "failure.already_frozen"],
  ["FREEZE_CHANGED", "failure.freeze_changed"],
  ["NOT_FROZEN", "failure.not_frozen"],
  ["NOTE_MISSING", "failure.note_missing"],
  ["NOTE_TOO_LONG", "failure.note_too_long"],
  ["RECORDS_BEHIND", "failure.records_behind"],
  ["RULES_CHANGED", "failure.rules_changed"],
  ["RULES_AS_BEFORE", "failure.rules_as_before"],
  ["RULES_FROM_PAST", "failure.rules_from_past"],
  ["REASON_MISSING", "failure.reason_missing"],
  ["PREVIEW_REPLACED", "failure.preview_replaced"],
  ["DAYS_TOO_MANY", "failure.days_too_many"],
  ["DAYS_REVERSED", "failure.days_reversed"],
  ["VISITS_TOO_MANY", "failure.visits_too_many"],
  ["GROUPS_TOO_MANY", "failure.groups_too_many"],
  ["COMMISSIONED_CHANGED", "failure.commissioned_changed"],
  ["OTHER_CONTRACT", "failure.other_contract"],
  ["ROWS_TOO_MANY", "failure.rows_too_many"],
  ["CONTRACT_UNKNOWN", "failure.contract_unknown"],
  ["TEXT_MISSING", "failure.text_missing"],
  ["TEXT_TOO_LONG", "failure.text_too_long"],
  ["CONTROL_CHARACTERS", "failure.text_flawed"],
  ["DIRECTION_CHARACTERS", "failure.text_flawed"],
  ["INVISIBLE_CHARACTERS", "failure.text_flawed"],
  ["FIGURE_MISSING", "failure.figure_missing"],
  ["VISIT_NOT_OF_FIGURE", "failure.visit_not_of_figure"],
  ["ATTACHED_TOO_MANY", "failure.attached_too_many"],
  ["REPLY_WITHDRAWN", "failure.reply_withdrawn"],
  ["REPLIES_TOO_MANY", "failure.replies_too_many"],
]);

// The server's reason, which stands in the trailing metadata; empty when it gave none.
export function reasonOf(error: unknown): string {
  return ConnectError.from(error).metadata.get("doorstep-reason") ?? "";
}

export function failureText(error: unknown): string {
  const failure = ConnectError.from(error);
  const ofReason = reasonWords.get(reasonOf(failure)) ?? reasonWords.get(failure.rawMessage);
  if (ofReason !== undefined) return say(ofReason);
  // fetch() fails without a code when there is no network.
  if (failure.code === Code.Unknown && failure.cause instanceof TypeError)
    return say("failure.unavailable");
  return say(words[failure.code] ?? "failure.other");
}

// Trying again without a person cannot help.
export function isFinal(error: unknown): boolean {
  const code = ConnectError.from(error).code;
  return (
    code === Code.Unauthenticated ||
    code === Code.PermissionDenied ||
    code === Code.InvalidArgument ||
    code === Code.NotFound ||
    code === Code.Unimplemented
  );
}

export function isCancelled(error: unknown): boolean {
  return ConnectError.from(error).code === Code.Canceled;
}
