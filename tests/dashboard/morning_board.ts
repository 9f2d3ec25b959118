// SPDX-License-Identifier: Apache-2.0
// A provider's board at 08:20 on Monday 23 November 2026, with every state on it. Made-up people.
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  type BoardRow,
  BoardRowSchema,
  type BoardSlotSchema,
  BoardState,
} from "@contract/doorstep/monitoring/v1/board_service_pb";

export const day = "2026-11-23";
export const providerId = 71n;
export const providerName = "Harborough Home Care";

// "08:20" or "08:20:05" on the board's day; London is on UTC in November.
export const at = (time: string): bigint =>
  BigInt(Date.parse(`${day}T${time.length === 5 ? `${time}:00` : time}.000Z`));

export const boardTime = at("08:20");

type SlotInit = MessageInitShape<typeof BoardSlotSchema>;

let lastCarerId = 500n;
const carerIds = new Map<string, bigint>();

// A carer with a live phone that holds the plan, unless told otherwise.
export function carer(name: string, changes: SlotInit = {}): SlotInit {
  if (!carerIds.has(name)) carerIds.set(name, ++lastCarerId);
  return {
    carerId: carerIds.get(name)!,
    carerName: name,
    phoneHeardUnixMs: at("08:19"),
    phonePlanVersion: 12n,
    phoneHasPlan: true,
    ...changes,
  };
}

let lastVisitId = 9000n;

export function visit(
  person: string,
  window: [string, string],
  state: BoardState,
  attention: number,
  slots: SlotInit[],
  changes: MessageInitShape<typeof BoardRowSchema> = {},
): BoardRow {
  const visitId = ++lastVisitId;
  return create(BoardRowSchema, {
    visitId,
    visitRef: `V${visitId}`,
    personName: person,
    lot: "Lot 4 Harborough",
    service: "Personal care",
    windowStartUnixMs: at(window[0]),
    windowEndUnixMs: at(window[1]),
    durationMin: 30,
    carersRequired: slots.length,
    state,
    attention,
    lateMin: -1,
    slots: slots.map((slot, index) => ({ slot: index + 1, ...slot })),
    ...changes,
  });
}

export function morningBoard(): BoardRow[] {
  const later: [string, string][] = [
    ["08:30", "08:45"],
    ["08:45", "09:00"],
    ["09:00", "09:30"],
    ["09:30", "10:00"],
    ["11:45", "12:15"],
    ["12:00", "12:30"],
    ["12:15", "12:45"],
    ["16:30", "17:00"],
    ["19:00", "19:30"],
    ["20:30", "21:00"],
  ];
  const people = [
    "Olive Grant",
    "Stanley Reeve",
    "Maud Fenwick",
    "Cecil Thorne",
    "Iris Holt",
    "Percy Lane",
    "Hilda Moss",
    "Wilfred Shaw",
    "Nora Blythe",
    "Ernest Cope",
  ];
  const staff = ["Amara Okafor", "Ben Adeyemi", "Chloe Watts", "Dilys Rees", "Ewa Kowalska"];
  return [
    visit("Edith Marlow", ["07:45", "08:00"], BoardState.LATE, 900, [carer("Amara Okafor")], {
      lateMin: 20,
      timeCritical: true,
      service: "Insulin and breakfast",
      announcedDelayMin: 15,
    }),
    visit(
      "George Pell",
      ["08:00", "08:15"],
      BoardState.ALONE_OF_TWO,
      820,
      [
        carer("Ben Adeyemi", { checkedInUnixMs: at("08:02") }),
        carer("Dilys Rees", { phoneHeardUnixMs: at("08:18") }),
      ],
      { service: "Hoist and wash", durationMin: 45 },
    ),
    visit("Rose Tandy", ["07:30", "08:00"], BoardState.NO_ENTRY, 700, [carer("Chloe Watts")]),
    visit(
      "Albert Finch",
      ["06:30", "07:00"],
      BoardState.MISSED_SUSPECTED,
      650,
      [carer("Farah Aziz", { phoneHeardUnixMs: at("08:12") })],
      { lateMin: 80, lot: "Lot 5 Melton" },
    ),
    visit(
      "Ivy Nash",
      ["07:45", "08:00"],
      BoardState.OVERDUE_SILENT,
      500,
      [carer("Gwen Price", { phoneHeardUnixMs: at("07:55"), phoneSilent: true })],
      { lateMin: 20, lot: "Lot 5 Melton" },
    ),
    visit(
      "Doris Webb",
      ["07:15", "07:30"],
      BoardState.DONE,
      400,
      [carer("Hana Novak", { checkedInUnixMs: at("07:21"), checkedOutUnixMs: at("07:52") })],
      { criticalTaskNotDone: true },
    ),
    visit("Harold Quill", ["07:00", "07:15"], BoardState.OVERRUNNING, 300, [
      carer("Isla Munro", { checkedInUnixMs: at("07:08") }),
    ]),
    visit(
      "Mabel Stokes",
      ["08:15", "08:45"],
      BoardState.DUE,
      200,
      [carer("Gwen Price", { phoneHeardUnixMs: at("07:55"), phoneSilent: true })],
      { lot: "Lot 5 Melton" },
    ),
    visit("Arthur Bede", ["08:00", "08:30"], BoardState.DUE, 190, [carer("Ewa Kowalska")], {
      announcedDelayMin: 10,
    }),
    ...["Vera Lowe", "Frank Dunn", "Joan Carver", "Leslie Hart"].map((person, index) =>
      visit(person, ["07:45", "08:15"], BoardState.IN_PROGRESS, 100, [
        carer(staff[index]!, { checkedInUnixMs: at(`08:0${index + 3}`) }),
      ]),
    ),
    ...later.map((window, index) =>
      visit(
        people[index]!,
        window,
        BoardState.UPCOMING,
        50 - index,
        index === 2
          ? [{ phoneHasPlan: false }]
          : [
              carer(
                staff[index % 5]!,
                index === 1 ? { phoneHasPlan: false, phonePlanVersion: 11n } : {},
              ),
            ],
        index % 3 === 0 ? { lot: "Lot 5 Melton" } : {},
      ),
    ),
    ...["Sidney Orr", "Phyllis Gale", "Ralph Insley"].map((person, index) =>
      visit(
        person,
        ["06:45", "07:15"],
        BoardState.DONE,
        10,
        [
          carer(staff[index]!, {
            checkedInUnixMs: at("07:01"),
            checkedOutUnixMs: at(`07:3${index}`),
          }),
        ],
        { lateMin: index === 2 ? 4 : -1 },
      ),
    ),
    visit("Muriel Ashby", ["07:00", "07:30"], BoardState.CANCELLED, 0, [carer("Jude Bello")]),
  ];
}
