// SPDX-License-Identifier: Apache-2.0
// Texts as they may be shown. What steers, turns or hides text is refused where it enters; what
// was stored before, or comes in an entry that a phone signed, is shown with U+FFFD in its place.
// Svelte escapes markup; this is about characters.

const flaws =
  // C0 but tab and line ends, DEL, C1; marks, embeddings, overrides and isolates of direction; line
  // separators; what has no width.
  new RegExp(
    [
      "[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e",
      "\\u2066-\\u2069\\u00ad\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b\\u2060-\\u206f\\u3164",
      "\\ufeff\\uffa0\\ufff0-\\ufffc\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}]",
    ].join(""),
    "gu",
  );

export const shownText = (text: string): string => text.replace(flaws, "\ufffd");

// A message of the server with its texts as they may be shown, changed in place: it is this page's
// own copy. Bytes stay as they are.
export function shownMessage<Message>(message: Message): Message {
  if (typeof message !== "object" || message === null || message instanceof Uint8Array)
    return message;
  const fields = message as Record<string, unknown>;
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === "string") fields[name] = shownText(value);
    else if (typeof value === "object") shownMessage(value);
  }
  return message;
}
