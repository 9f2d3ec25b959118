// SPDX-License-Identifier: Apache-2.0
// The order of the board, and holding it still while somebody is using it: a row that moves away
// under the pointer is a wrong visit opened.
import type { BoardRow } from "@contract/doorstep/monitoring/v1/board_service_pb";

// After the last movement or key the order is held this long; then the board sorts itself again, so
// a pointer left lying on it does not freeze it.
export const holdMs = 8_000;
// After the pointer has left the rows: long enough to reach the notice that names what has changed.
export const leaveMs = 1_500;

// The server's attention first; equal ones by time, then by id, so that two boards agree.
export function compareRows(a: BoardRow, b: BoardRow): number {
  if (a.attention !== b.attention) return b.attention - a.attention;
  if (a.windowStartUnixMs !== b.windowStartUnixMs)
    return a.windowStartUnixMs < b.windowStartUnixMs ? -1 : 1;
  return a.visitId < b.visitId ? -1 : a.visitId > b.visitId ? 1 : 0;
}

export function sortedIds(rows: Iterable<BoardRow>): bigint[] {
  return [...rows].sort(compareRows).map((row) => row.visitId);
}

// The shown order while it is held: what is shown stays where it is, what is new goes to the end.
export function heldOrder(shown: readonly bigint[], sorted: readonly bigint[]): bigint[] {
  const exists = new Set(sorted);
  const kept = shown.filter((id) => exists.has(id));
  const known = new Set(kept);
  return [...kept, ...sorted.filter((id) => !known.has(id))];
}

// The first row that stands higher in the true order than where it is shown.
export function firstRisen(
  shown: readonly bigint[],
  sorted: readonly bigint[],
): bigint | undefined {
  return sorted.find((id, index) => shown[index] !== id);
}
