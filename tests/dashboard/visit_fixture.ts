// SPDX-License-Identifier: Apache-2.0
// A visit on which much was recorded: tasks, a note, a correction, times of both classes.
import { create } from "@bufbuild/protobuf";
import {
  type GetVisitResponse,
  GetVisitResponseSchema,
} from "@contract/doorstep/monitoring/v1/board_service_pb";

import { at } from "./morning_board";

export function recordedVisit(): GetVisitResponse {
  const receipt = {
    n: 12n,
    position: 345n,
    entryHash: new Uint8Array(32).fill(0xab),
    logSize: 400n,
  };
  return create(GetVisitResponseSchema, {
    personRef: "P117",
    planVersion: 12n,
    accessNote: "Ring twice, then walk in.",
    tasks: [
      {
        taskNumber: 1,
        code: "wash",
        text: "Wash and dress",
        recorded: { taskNumber: 1, outcome: 1, independence: 3 },
      },
      {
        taskNumber: 2,
        code: "med",
        text: "Insulin, morning",
        critical: true,
        recorded: { taskNumber: 2, outcome: 3, reason: 1 },
      },
      { taskNumber: 3, code: "meal", text: "Breakfast" },
    ],
    events: [
      {
        deviceId: 8n,
        eventNumber: 40n,
        carerName: "Hana Novak",
        fact: {
          kind: {
            case: "checkedIn",
            value: { place: { method: 3, distanceM: 9, accuracyM: 6, fixAgeS: 2 } },
          },
        },
        wallUnixMs: at("07:21"),
        time: {
          timeClass: 1,
          earliestUnixMs: at("07:21") - 300n,
          latestUnixMs: at("07:21") + 500n,
          ruledUnixMs: at("07:21"),
        },
        receivedUnixMs: at("07:53:10"),
        planVersionSeen: 12n,
        receipt,
      },
      {
        deviceId: 8n,
        eventNumber: 41n,
        carerName: "Hana Novak",
        fact: { kind: { case: "taskRecorded", value: { taskNumber: 2, outcome: 1 } } },
        wallUnixMs: at("07:40"),
        time: { timeClass: 3, ruledUnixMs: at("07:40") },
        receivedUnixMs: at("07:53:10"),
        planVersionSeen: 11n,
        receipt,
        supersededBy: 43n,
      },
      {
        deviceId: 8n,
        eventNumber: 42n,
        carerName: "Hana Novak",
        fact: {
          kind: {
            case: "noteAdded",
            value: { text: "She did not want her insulin. I rang the nurse." },
          },
        },
        wallUnixMs: at("07:50"),
        time: { timeClass: 3, ruledUnixMs: at("07:50") },
        receivedUnixMs: at("07:53:10"),
        planVersionSeen: 12n,
        receipt,
      },
      {
        deviceId: 8n,
        eventNumber: 43n,
        carerName: "Hana Novak",
        fact: {
          kind: {
            case: "amended",
            value: {
              eventNumber: 41n,
              reason: 1,
              replacement: {
                case: "taskRecorded",
                value: { taskNumber: 2, outcome: 3, reason: 1 },
              },
            },
          },
        },
        wallUnixMs: at("07:51"),
        time: { timeClass: 3, ruledUnixMs: at("07:51") },
        receivedUnixMs: at("07:53:10"),
        planVersionSeen: 12n,
      },
    ],
  });
}
