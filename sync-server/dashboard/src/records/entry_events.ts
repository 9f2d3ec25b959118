// SPDX-License-Identifier: Apache-2.0
// Events of an entry with the delta-coded fields put back (proto/doorstep/visit/v1/event.proto).
import type { Entry } from "@contract/doorstep/visit/v1/entry_pb";
import type { Event } from "@contract/doorstep/visit/v1/event_pb";

export interface RecordedEvent {
  number: bigint;
  visitId: bigint;
  // Device wall clock, Unix ms.
  wallUnixMs: bigint;
  event: Event;
}

export function eventsOf(entry: Entry): RecordedEvent[] {
  let visitId = 0n;
  let wallUnixMs = entry.wallUnixMs;
  return entry.events.map((event, index) => {
    if (event.visitId !== 0n) visitId = event.visitId;
    wallUnixMs += event.bootDeltaMs + event.wallStepMs;
    return { number: entry.firstEventNumber + BigInt(index), visitId, wallUnixMs, event };
  });
}
