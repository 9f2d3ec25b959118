// SPDX-License-Identifier: Apache-2.0
// Pure functions behind the pages: time, order, figures, filter, addresses.
import { create, fromBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { BoardState, TrustedTimeSchema } from "@contract/doorstep/monitoring/v1/board_service_pb";
import { TotalsSchema } from "@contract/doorstep/records/v1/records_service_pb";
import { FactSchema } from "@contract/doorstep/visit/v1/event_pb";
import { firstRisen, heldOrder, sortedIds } from "@dashboard/board/board_order";
import { reasonText, warnings } from "@dashboard/board/row_words";
import {
  dayOf,
  durationText,
  laterText,
  longDayText,
  moveDay,
  timeText,
  timeTextOn,
} from "@dashboard/design/london_time";
import { figuresOf, shareText } from "@dashboard/records/figures";
import { drawnBins } from "@dashboard/records/lateness_bins";
import {
  fieldsFromQuery,
  filterFromFields,
  queryFromFields,
} from "@dashboard/records/record_filter";
import { lateText } from "@dashboard/records/record_words";
import { failureText } from "@dashboard/server/failure";
import { shownMessage, shownText } from "@dashboard/server/shown_text";
import {
  CalledOff,
  JudgedPlanSchema,
  PlanReason,
} from "@contract/doorstep/roster/v1/plan_version_pb";
import { factWords } from "@dashboard/visit/event_words";
import { calledOffText, judgedPlanText, lateChangesText } from "@dashboard/visit/plan_words";
import { trustText } from "@dashboard/visit/trusted_time_words";
import { isolated, say } from "@dashboard/words/say";
import assert from "node:assert/strict";
import { test } from "node:test";

import { at, boardTime, carer, day, morningBoard, visit } from "./morning_board";

test("times are London's in winter, in summer and across midnight", () => {
  assert.equal(timeText(Date.parse("2026-11-23T08:02:00Z")), "08:02");
  assert.equal(timeText(Date.parse("2026-07-01T08:02:00Z")), "09:02");
  assert.equal(dayOf(Date.parse("2026-06-30T23:30:00Z")), "2026-07-01");
  assert.equal(timeTextOn("2026-11-23", Date.parse("2026-11-22T21:05:00Z")), "22 Nov, 21:05");
  assert.equal(longDayText("2026-11-23"), "Monday 23 November 2026");
});

test("a day moved over a clock change is the next day", () => {
  assert.equal(moveDay("2026-03-28", 1), "2026-03-29");
  assert.equal(moveDay("2026-10-26", -1), "2026-10-25");
  assert.equal(moveDay("2026-01-01", -1), "2025-12-31");
});

test("durations read as a person says them", () => {
  assert.equal(durationText(35.9), "35 min");
  assert.equal(durationText(120), "2 h");
  assert.equal(durationText(125), "2 h 5 min");
  assert.equal(durationText(72 * 60), "3 days");
  assert.equal(laterText(400), "at once");
  assert.equal(laterText(4_200), "4 s later");
});

test("a page that the server takes for another site's is told so in words of its own", () => {
  const refused = (reason: string) =>
    failureText(new ConnectError("", Code.PermissionDenied, { "doorstep-reason": reason }));
  assert.match(refused("CROSS_SITE"), /does not know the address.*Tell your operator/);
  assert.match(refused("ROLE_NOT_ALLOWED"), /may not see/);
});

test("lateness is exact to the second, because the rule is", () => {
  assert.equal(lateText(0n), "");
  assert.equal(lateText(1_801_000n), "30 min 1 s");
  assert.equal(lateText(1_800_000n), "30 min");
});

test("attention orders the board; equal ones by time", () => {
  const rows = [
    visit("b", ["09:00", "09:10"], BoardState.DUE, 5, []),
    visit("a", ["08:00", "08:10"], BoardState.DUE, 5, []),
    visit("c", ["10:00", "10:10"], BoardState.LATE, 9, []),
  ];
  assert.deepEqual(sortedIds(rows), [rows[2]!.visitId, rows[1]!.visitId, rows[0]!.visitId]);
});

test("a held order keeps what is shown, drops what is gone and puts what is new at the end", () => {
  assert.deepEqual(heldOrder([1n, 2n, 3n], [9n, 3n, 1n]), [1n, 3n, 9n]);
  assert.equal(firstRisen([1n, 3n, 9n], [9n, 3n, 1n]), 9n);
  assert.equal(firstRisen([1n, 2n], [1n, 2n]), undefined);
});

test("minutes of lateness go on with the server's clock", () => {
  const late = morningBoard()[0]!;
  assert.match(reasonText(late, Number(boardTime), day), /^20 min late\./);
  assert.match(reasonText(late, Number(at("08:45")), day), /^45 min late\./);
});

test("a visit in its tolerance is neither due by a time that is past nor late", () => {
  const row = visit("x", ["08:00", "08:15"], BoardState.DUE, 1, [carer("Ada Bell")]);
  assert.equal(reasonText(row, Number(at("08:10")), day), "May start until 08:15.");
  assert.equal(
    reasonText(row, Number(at("08:20")), day),
    "The window ended at 08:15; the rule still allows a start.",
  );
});

test("a phone that was never heard is said to be that", () => {
  const row = visit("x", ["07:00", "07:10"], BoardState.OVERDUE_SILENT, 1, [
    carer("Ada Bell", { phoneHeardUnixMs: 0n, phoneSilent: true }),
  ]);
  assert.match(reasonText(row, Number(boardTime), day), /Ada Bell’s phone was never heard\./);
});

test("a visit without a carer or with an old plan on the phone is warned of until its end", () => {
  const row = visit("x", ["09:00", "09:10"], BoardState.UPCOMING, 1, [
    {},
    carer("Ada Bell", { phoneHasPlan: false }),
  ]);
  assert.deepEqual(warnings(row), ["Newest plan is not on Ada Bell’s phone", "No carer chosen"]);
  row.state = BoardState.DONE;
  assert.deepEqual(warnings(row), []);
});

test("a state of a newer server is not dressed up as a known one", () => {
  const row = visit("x", ["09:00", "09:10"], 99 as BoardState, 1, []);
  assert.match(reasonText(row, Number(boardTime), day), /does not know this state/);
});

test("trusted time says how well it is known and whether the phone's clock agrees", () => {
  const anchored = create(TrustedTimeSchema, {
    timeClass: 1,
    earliestUnixMs: 10_000n,
    latestUnixMs: 11_000n,
  });
  assert.equal(trustText(anchored, 10_500n), "known to ± 0.5 s, the phone’s clock agrees");
  assert.equal(trustText(anchored, 16_000n), "known to ± 0.5 s, the phone’s clock was 5 s off");
  assert.equal(
    trustText(create(TrustedTimeSchema, { timeClass: 3 }), 0n),
    "phone’s clock only, not confirmed",
  );
});

test("figures divide by what they say", () => {
  const figures = figuresOf(
    create(TotalsSchema, {
      onTime: 80n,
      early: 5n,
      late: 15n,
      missed: 6n,
      noEntry: 4n,
      open: 9n,
      notCounted: 3n,
    }),
  );
  assert.deepEqual(
    figures.map((each) => [each.name, each.numerator, each.denominator]),
    [
      ["On time, of those started", 80n, 100n],
      ["On time, of all that should have taken place", 80n, 110n],
      ["Early", 5n, 100n],
      ["Late", 15n, 100n],
      ["Missed", 6n, 110n],
      ["No entry", 4n, 110n],
    ],
  );
  assert.equal(shareText(80n, 110n), "72.7%");
  assert.equal(shareText(0n, 0n), "–");
});

test("open bins are drawn as wide as their neighbours", () => {
  const bin = (fromMin: number, toMin: number) => ({
    $typeName: "doorstep.records.v1.LatenessBin" as const,
    fromMin,
    toMin,
    count: 1n,
  });
  const drawn = drawnBins([bin(-2147483647, -5), bin(-5, 0), bin(0, 2147483647)]);
  assert.deepEqual(
    drawn.map((each) => [each.from, each.to, each.text]),
    [
      [-10, -5, "under -5"],
      [-5, 0, "-5 to 0"],
      [0, 5, "0 or more"],
    ],
  );
});

test("a filter survives the address; empty days mean all, missing ones the last week", () => {
  const now = Date.parse("2026-11-23T12:00:00Z");
  const fields = fieldsFromQuery(new URLSearchParams("lot=Lot+4&punctuality=3&from=&to="), now);
  assert.deepEqual(fieldsFromQuery(queryFromFields(fields), now), fields);
  const filter = filterFromFields(fields);
  assert.deepEqual(
    [filter.lot, filter.punctuality, filter.firstDay, filter.lastDay],
    ["Lot 4", 3, "", ""],
  );
  const usual = fieldsFromQuery(new URLSearchParams(), now);
  assert.deepEqual([usual.from, usual.to], ["2026-11-17", "2026-11-23"]);
});

test("an address that somebody made up does not narrow by nonsense", () => {
  const fields = fieldsFromQuery(
    new URLSearchParams("contract=1;drop&from=yesterday&punctuality=77"),
    0,
  );
  const filter = filterFromFields(fields);
  assert.deepEqual([filter.contractId, filter.firstDay, filter.punctuality], [0n, "", 0]);
});

test("what a newer app recorded is no withdrawal and no other reason", () => {
  const words = (bytes: number[]) =>
    factWords(fromBinary(FactSchema, Uint8Array.from(bytes)), (n) => `Task ${n}`);
  assert.equal(words([0x3a, 4, 8, 3, 0x32, 0]).detail, "it is withdrawn (no reason given)");
  // A replacement in a field that no release has yet, and a fact likewise.
  assert.equal(
    words([0x3a, 5, 8, 3, 0x4a, 1, 0]).detail,
    "recorded with a newer app (no reason given)",
  );
  assert.equal(words([0x82, 0x02, 0]).title, "Recorded with a newer app");
  // Reason 77 of an amendment, of a closed door and of a task.
  const reason = words([0x3a, 6, 8, 3, 16, 77, 0x32, 0]);
  assert.equal(reason.detail, "it is withdrawn (recorded with a newer app)");
  assert.match(words([0x2a, 2, 8, 77]).detail, /^recorded with a newer app\. Place/);
  assert.equal(words([0x1a, 6, 8, 1, 16, 3, 24, 77]).detail, "not done: recorded with a newer app");
});

test("characters that steer, turn or hide text are shown as what they are not", () => {
  assert.equal(
    shownText("Ann\u202enaD \u001b[2J a\u200bb\u2066"),
    "Ann\ufffdnaD \ufffd[2J a\ufffdb\ufffd",
  );
  assert.equal(
    shownText("two\nlines\tZo\u00eb \u05d3\u05d5\u05d3"),
    "two\nlines\tZo\u00eb \u05d3\u05d5\u05d3",
  );
  const row = visit("x", ["09:00", "09:10"], BoardState.LATE, 1, [carer("A\u202eB", {})]);
  assert.equal(shownMessage(row).slots[0]!.carerName, "A\ufffdB");
  assert.equal(isolated("\u05d3\u05d5\u05d3"), "\u2068\u05d3\u05d5\u05d3\u2069");
  assert.equal(isolated("Ada"), "Ada");
});

test("a name of the other direction turns nothing in the sentence that it stands in", () => {
  const name = "\u05d3\u05d5\u05d3";
  assert.equal(
    say("board.phone.heard", { carer: name, time: "08:19" }),
    `\u2068${name}\u2069’s phone was heard at 08:19`,
  );
  assert.equal(
    say("board.needing", { count: 1_204n }) + say("board.needing", { count: 1n }),
    "1,204 visits need you1 visit needs you",
  );
});

test("which plan judges a visit, and what changed after its lock, is said in words", () => {
  const ms = (text: string) => BigInt(Date.parse(text));
  const plan = create(JudgedPlanSchema, {
    publication: {
      planVersion: 7n,
      madeUnixMs: ms("2026-11-20T16:02:00Z"),
      accountName: "Olu",
      reason: PlanReason.IMPORT,
    },
    locked: true,
    lockedUnixMs: ms("2026-11-22T08:00:00Z"),
    windowStartUnixMs: ms("2026-11-23T08:00:00Z"),
    windowEndUnixMs: ms("2026-11-23T09:00:00Z"),
    changesAfterLock: 2,
    lateChangesOffice: 1,
    lateChangesPerson: 1,
  });
  assert.equal(
    judgedPlanText(plan),
    "Locked since 22 Nov, 08:00: start 08:00–09:00, version 7, " +
      "published 20 Nov, 16:02 by Olu, rota imported.",
  );
  assert.equal(
    lateChangesText(plan),
    "2 changes of the plan after that, " +
      "wanted: 1 by the office, 1 by the person. No new time judges.",
  );
  assert.equal(calledOffText(plan), "");
  plan.calledOff = CalledOff.AT_LOCK;
  assert.equal(calledOffText(plan), "Called off before that.");
  plan.calledOff = CalledOff.BY_PROVIDER;
  assert.match(calledOffText(plan), /^Called off after that by the office: missed/);
  plan.calledOff = CalledOff.SINCE;
  assert.match(calledOffText(plan), /^Called off when it should have begun already/);
  plan.calledOff = 99 as CalledOff;
  assert.equal(calledOffText(plan), "Called off.");
  plan.changesAfterLock = 0;
  assert.equal(lateChangesText(plan), "");
  plan.locked = false;
  assert.match(judgedPlanText(plan), /^Not locked yet/);
  plan.plannedAfterwards = true;
  assert.match(judgedPlanText(plan), /^Planned after its own latest start/);
  const old = create(JudgedPlanSchema, { publication: { planVersion: 1n }, locked: true });
  assert.match(judgedPlanText(old), /version 1, published before this was kept\.$/);
});
