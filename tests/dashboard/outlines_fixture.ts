// SPDX-License-Identifier: Apache-2.0
// Made-up lots and patches of a contract: some with an outline, some without.
import { create } from "@bufbuild/protobuf";
import {
  CommissionedKind,
  type CommissionedRow,
  CommissionedRowSchema,
} from "@contract/doorstep/admin/v1/commissioning_service_pb";
import { type Contract, ContractSchema } from "@contract/doorstep/records/v1/records_service_pb";

import { countyContracts } from "./county_records";

export const polygon = (...ring: [number, number][]): string =>
  JSON.stringify({ type: "Polygon", coordinates: [[...ring, ring[0]]] });

interface Described {
  outline?: string;
  patches?: Record<string, string>;
  from?: string;
  until?: string;
}

export const lotRow = (lot: string, said: Described): CommissionedRow =>
  create(CommissionedRowSchema, {
    kind: CommissionedKind.LOT,
    subjectId: 31n,
    name: lot,
    fromDay: said.from ?? "1970-01-01",
    untilDay: said.until ?? "",
    content: {
      case: "lot",
      value: {
        outlineGeojson: said.outline ?? "",
        patches: Object.entries(said.patches ?? {}).map(([name, outlineGeojson]) => ({
          name,
          outlineGeojson,
        })),
      },
    },
  });

// The county's contracts, the first of both providers.
export function sharedContracts(): Contract[] {
  const [shared, other] = countyContracts();
  return [
    create(ContractSchema, {
      ...shared!,
      providers: [...shared!.providers, ...other!.providers],
      lots: ["Lot 4 Harborough", "Lot 5 Melton", "Lot 6 Oadby", "Lot 7 Blaby"],
    }),
    other!,
  ];
}

// Rows of each provider. Around Leicester: the mock's two lots with visits, one without a visit and
// one without an outline.
export const countyLots = (): Map<bigint, CommissionedRow[]> =>
  new Map([
    [
      71n,
      [
        lotRow("Lot 4 Harborough", {
          outline: polygon(
            [-1.3, 52.4],
            [-0.75, 52.45],
            [-0.8, 52.62],
            [-1.02, 52.58],
            [-1.28, 52.55],
          ),
          patches: {
            "Market Harborough": polygon(
              [-1.0, 52.42],
              [-0.75, 52.45],
              [-0.77, 52.53],
              [-1.0, 52.5],
            ),
            Lutterworth: polygon([-1.3, 52.4], [-1.05, 52.42], [-1.05, 52.5], [-1.28, 52.5]),
            Villages: "",
          },
        }),
      ],
    ],
    [
      72n,
      [
        lotRow("Lot 5 Melton", {
          outline: polygon(
            [-0.8, 52.62],
            [-0.67, 52.8],
            [-0.78, 52.97],
            [-0.98, 52.85],
            [-1.02, 52.7],
          ),
          patches: {
            "Melton Mowbray": polygon([-0.95, 52.72], [-0.8, 52.7], [-0.78, 52.8], [-0.93, 52.82]),
          },
        }),
        lotRow("Lot 6 Oadby", {
          outline: polygon([-1.1, 52.585], [-1.02, 52.58], [-1.02, 52.62], [-1.1, 52.62]),
        }),
        lotRow("Lot 7 Blaby", {}),
      ],
    ],
  ]);
