// SPDX-License-Identifier: Apache-2.0
// The meanings that a colour may have (theme.css gives each its colours for light and dark).
export type Tone =
  // Something is known to be wrong.
  | "alarm"
  // Nobody knows.
  | "unknown"
  // It may soon need somebody.
  | "watch"
  // It is happening.
  | "active"
  // It went as planned, or has not begun.
  | "calm";
