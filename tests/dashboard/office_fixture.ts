// SPDX-License-Identifier: Apache-2.0
// An office with something in each of its lists; the plan's history has several pages.
import { create } from "@bufbuild/protobuf";
import {
  AlarmKind,
  AlarmSchema,
  DeviceSchema,
  PlanVersionSchema,
  QuarantinedEntrySchema,
} from "@contract/doorstep/admin/v1/office_service_pb";
import { PlanReason } from "@contract/doorstep/roster/v1/plan_version_pb";

import type { MockServer } from "./mock_server";
import { boardTime } from "./morning_board";

const hour = 3_600_000n;

const version = (number: bigint) =>
  create(PlanVersionSchema, {
    publication: {
      planVersion: number,
      madeUnixMs: boardTime - (200n - number) * hour,
      accountName: number % 2n === 0n ? "Olu Example" : "",
      reason: number % 2n === 0n ? PlanReason.REASSIGNMENT : PlanReason.IMPORT,
    },
    visitsNew: number % 2n === 0n ? 0n : 3n,
    visitsChanged: number,
    visitsCancelled: 1n,
    files:
      number % 2n === 0n
        ? []
        : [{ name: "visits.csv", bytes: 80_412n, sha256Hex: "5f".repeat(32) }],
  });

export function fillOffice(mock: MockServer): void {
  mock.alarms = [
    create(AlarmSchema, {
      kind: AlarmKind.FORK,
      deviceId: 9n,
      carerName: "Ada Okafor",
      raisedUnixMs: boardTime - hour,
    }),
  ];
  mock.apart = [
    create(QuarantinedEntrySchema, {
      deviceId: 9n,
      carerName: "Ada Okafor",
      reason: "UNKNOWN_VISIT",
      receivedUnixMs: boardTime - hour,
      n: 41n,
      bytes: 212n,
      position: 77n,
    }),
  ];
  const phone = (carerName: string, more: object) =>
    create(DeviceSchema, {
      carerName,
      description: "Example A5, Android 9",
      enrolledUnixMs: boardTime - 900n * hour,
      heardUnixMs: boardTime - 1n,
      heldN: 311n,
      planVersion: 130n,
      ...more,
    });
  mock.devices = [
    phone("Ada Okafor", { appVersion: "0.2.0" }),
    phone("Bea Hughes", { appVersion: "0.2.0", unreadPlanKinds: [4] }),
    phone("Cy Nowak", { revoked: true, appVersion: "0.2.0" }),
    phone("Di Patel", { heardUnixMs: 0n, planVersion: 0n, heldN: 0n }),
  ];
  mock.versions = Array.from({ length: 130 }, (_, index) => version(BigInt(130 - index)));
}
