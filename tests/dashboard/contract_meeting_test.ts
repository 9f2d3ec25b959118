// SPDX-License-Identifier: Apache-2.0
// A contract's meeting with nothing replaced: phones recorded a day, an officer opens the month's
// figure, reaches the visits, the rule and the evidence in three clicks, and the provider gets the
// same figure from the exported file without a server. The printed report says it too.
import {
  type GetMeasuresResponse,
  GetMeasuresResponseSchema,
} from "@contract/doorstep/records/v1/measures_service_pb";
import { ListMeasuresResponseSchema } from "@contract/doorstep/records/v1/measures_service_pb";
import { fromJson, type JsonValue } from "@bufbuild/protobuf";
import { figureText, partsText } from "@dashboard/figures/wording/figure_text";
import { unrecordedText } from "@dashboard/figures/wording/figure_words";
import { packMeasures, packNames } from "@dashboard/figures/wording/measure_packs";
import { measureName, measureSays } from "@dashboard/figures/wording/measure_words";
import { figureIn } from "@dashboard/figures/question/question";
import { say } from "@dashboard/words/say";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import type { Browser } from "playwright-core";

import { launch, required, Visitor } from "./browser";
import { at, boardTime, day } from "./morning_board";
import { RealServer } from "./real_server";

const run = promisify(execFile);
// Of this test alone, so that what is left behind is its own.
const temporary = mkdtempSync(join(tmpdir(), "doorstep-"));
process.env.TMPDIR = temporary;
const provider = "Harborough Home Care";
const council = "Leicestershire County Council";
const month = "2026-11";
const measure = "punctuality.on_time_of_attended";

const two = (value: number) => String(value).padStart(2, "0");
// Twelve visits from 09:00 on, half an hour each, by two carers: two begin late, one never.
const visits = Array.from({ length: 12 }, (_, index) => {
  const start = `${two(9 + Math.floor(index / 2))}:${index % 2 === 0 ? "00" : "30"}`;
  const lateMin = index === 3 ? 36 : index === 8 ? 49 : index === 5 ? undefined : index % 5;
  return { ref: `v${index + 1}`, carer: index % 2 === 0 ? "c1" : "c2", start, lateMin };
});
const attended = visits.filter(({ lateMin }) => lateMin !== undefined);
// By the rule 15 min after the latest start, which is 15 min after the first one.
const onTime = attended.filter(({ lateMin }) => lateMin! <= 30);

let browser: Browser;
let server: RealServer;
let contract = "";
let password = "";

const minutes = (start: string, more: number) => at(start) + BigInt(more * 60_000);

async function recordDay(): Promise<void> {
  const phones = { c1: await server.enrolPhone("c1"), c2: await server.enrolPhone("c2") };
  for (const phone of Object.values(phones)) await phone.exchange();
  server.moveClock(Number(at("18:00")));
  for (const [carer, phone] of Object.entries(phones)) {
    const lines = attended
      .filter((visit) => visit.carer === carer)
      .flatMap(({ ref, start, lateMin }, index) => [
        `${minutes(start, lateMin!)},check_in,${ref}`,
        `${minutes(start, lateMin! + (index === 2 ? 12 : 29))},check_out,${ref}`,
      ]);
    await phone.live(...lines);
  }
}

before(async () => {
  browser = await launch();
  server = new RealServer();
  await server.start(Number(boardTime));
  const windowOf = (start: string) =>
    `${day}T${start}:00,${new Date(Number(minutes(start, 15))).toISOString().slice(0, 19)}`;
  await server.importRota(
    {
      people: ["p1,Edith Marlow,52.4780,-0.9210,Lot 4", "p2,Ivy Nash,52.4791,-0.9180,Lot 4"],
      carers: ["c1,Amara Okafor,,,", "c2,Gwen Price,,,"],
      visits: visits.map(
        ({ ref, carer, start }, index) =>
          `${ref},p${(index % 2) + 1},1,1,${carer},personal_care,${windowOf(start)},30,,,`,
      ),
    },
    provider,
    council,
  );
  password = await server.createAccount(
    "tom",
    ...["--role", "council", "--council", council, "--name", "Tom Hale"],
  );
  await recordDay();
  // The month is over.
  server.moveClock(Date.parse("2026-12-03T10:00:00Z"));
});

after(async () => {
  await browser.close();
  await server.stop();
  rmSync(temporary, { recursive: true, force: true });
});

async function signedIn(part = ""): Promise<Visitor> {
  const address = `${server.address}/#/figures${part}?period=month&on=${day}`;
  const visitor = await Visitor.open(browser, address, { ignoreHTTPSErrors: true });
  await visitor.signIn("tom", password);
  await visitor.page.getByRole("heading", { name: "Figures", exact: true, level: 1 }).waitFor();
  return visitor;
}

async function asked(visitor: Visitor, method: string, body: unknown): Promise<JsonValue> {
  const path = `${server.address}/doorstep.records.v1.${method}`;
  const answer = await visitor.page.request.post(path, { data: body });
  assert.equal(answer.status(), 200, await answer.text());
  return (await answer.json()) as JsonValue;
}

async function monthsFigures(visitor: Visitor): Promise<GetMeasuresResponse> {
  const listed = (await asked(visitor, "RecordsService/ListContracts", {})) as {
    contracts: { contractId: string; ref: string }[];
  };
  contract = listed.contracts[0]!.ref;
  const filter = {
    contractId: listed.contracts[0]!.contractId,
    firstDay: `${month}-01`,
    lastDay: `${month}-30`,
  };
  return fromJson(
    GetMeasuresResponseSchema,
    await asked(visitor, "MeasuresService/GetMeasures", { filter }),
  );
}

interface Recomputed {
  groups: { measures: Record<string, { numerator: number; denominator: number }> }[];
}

test("from the figure to the visits, the rule and the evidence in three clicks", async () => {
  const visitor = await signedIn();
  const { page } = visitor;
  const card = page
    .locator("article")
    .filter({ has: page.getByRole("heading", { name: measureName(measure), exact: true }) });
  const made = `${onTime.length} of ${attended.length}`;
  await card.getByRole("paragraph").filter({ hasText: made }).waitFor();
  await visitor.expectAccessible();
  await visitor.allPictures("meeting-overview");

  await card.getByRole("link", { name: /the rest$/ }).click();
  const late = attended.length - onTime.length;
  await page.getByText(`${late} visits.`, { exact: true }).waitFor();
  await visitor.expectAccessible();
  await visitor.allPictures("meeting-visits");

  const visit = page.locator("li details").first();
  await visit.locator("summary").click();
  await visit.getByText("Rule version 1.").waitFor();
  await visit.getByText(/latest start .*, locked plan/).waitFor();
  await visitor.expectAccessible();
  await visitor.allPictures("meeting-visit");

  await visit.getByRole("button", { name: /^Evidence/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog
    .getByText("Checked in this browser: the entry is unaltered and in the log.")
    .first()
    .waitFor();
  assert.equal(await dialog.getByText("The check failed.").count(), 0);
  await visitor.expectAccessible();
  await visitor.allPictures("meeting-evidence");
  await visitor.leave();
});

test("the exported file gives the same figures without a server, to the numerator", async () => {
  const visitor = await signedIn();
  const figures = await monthsFigures(visitor);
  const file = (name: string) => join(server.folder, name);
  const days = ["--from", `${month}-01`, "--to", `${month}-30`];
  await server.command(
    ...["export", "--contract", contract, "--from", `${month}-01`, "--to", "2026-12-01"],
    ...["--output", file("visits.csv"), "--rules", file("rules.json")],
  );
  const printed = await run(required("DOORSTEP_RECOMPUTE"), [
    ...["--visits", file("visits.csv"), "--rules", file("rules.json")],
    ...days,
  ]);
  const { measures } = (JSON.parse(printed.stdout) as Recomputed).groups[0]!;
  const parts = (id: string) => [measures[id]!.numerator, measures[id]!.denominator];
  assert.deepEqual(parts(measure), [onTime.length, attended.length]);
  assert.ok(figures.groups[0]!.figures.length > 50);
  for (const { id, numerator, denominator } of figures.groups[0]!.figures)
    assert.deepEqual(parts(id), [Number(numerator), Number(denominator)], id);
  await visitor.leave();
});

async function textOf(pdf: string): Promise<string> {
  return (await run(required("PDFTOTEXT"), ["-layout", pdf, "-"])).stdout;
}
const inOneLine = (text: string) => text.replace(/\s+/g, " ");

const report = (pdf: string, ...words: string[]) =>
  server.command(
    ...["report", "--contract", contract, "--month", month, "--pdf", pdf],
    ...["--chromium", required("CHROMIUM"), ...words],
  );

test("the printed report has A4 pages with numbers, figures, rules and definitions", async () => {
  const visitor = await signedIn("/report");
  const figures = await monthsFigures(visitor);
  await visitor.page.getByRole("heading", { name: "Definitions" }).waitFor();
  await visitor.page.getByRole("heading", { name: "Version 1, since always" }).waitFor();
  await visitor.expectAccessible();
  await visitor.allPictures("meeting-report");
  const known = fromJson(
    ListMeasuresResponseSchema,
    await asked(visitor, "MeasuresService/ListMeasures", {}),
  );
  const pdf = join(server.folder, "beside.pdf");
  await report(pdf);
  const info = (await run(required("PDFINFO"), [pdf])).stdout;
  assert.match(info, /Page size: +59[45](\.\d+)? x 84[12](\.\d+)? pts \(A4\)/);
  assert.match(info, new RegExp(`Title: +Contract ${contract}, November 2026`));
  const text = await textOf(pdf);
  const pages = text.split("\f").slice(0, -1);
  assert.equal(pages.length, Number(/Pages: +(\d+)/.exec(info)![1]));
  assert.ok(pages.length > 1);
  pages.forEach((page, index) =>
    assert.match(page, new RegExp(`Page ${index + 1} of ${pages.length}\\s*$`)),
  );
  const line = inOneLine(text);
  assert.ok(line.includes("Report for November 2026"));
  assert.ok(line.includes(`of ${council} with ${provider}.`));
  const ids = packMeasures(
    "plain_15_15",
    known.measures.map(({ id }) => id),
  );
  assert.ok(ids.length > 10);
  const raw = inOneLine((await run(required("PDFTOTEXT"), ["-raw", pdf, "-"])).stdout);
  for (const id of ids) {
    const info = known.measures.find((each) => each.id === id)!;
    const figure = figureIn(figures, id);
    const value = unrecordedText(info) ? say("figures.no_finding") : figureText(figure, info.unit);
    const row = [measureName(id), value, partsText(figure, info.unit)];
    const said = row.filter((part) => part !== "").join(" ");
    assert.ok(raw.includes(said), `not in the report: ${said}`);
    assert.ok(raw.includes(measureSays(id)), measureSays(id));
  }
  assert.match(raw, /A start is on time .* both ends included/);
  assert.match(raw, /Version 1, since always/);
  await visitor.leave();
});

test("the same data gives the same text, beside a server and without one", async () => {
  const [beside, again, alone] = ["beside.pdf", "again.pdf", "alone.pdf"].map((name) =>
    join(server.folder, name),
  ) as [string, string, string];
  server.moveClock(Date.parse("2026-12-09T16:00:00Z"));
  await report(again);
  await server.rest();
  await report(alone);
  await report(join(server.folder, "all.pdf"), "--pack", "all");
  await server.serve();
  const text = await textOf(beside);
  assert.equal(await textOf(again), text);
  assert.equal(await textOf(alone), text);
});

test("what cannot be printed is refused in one sentence, and leaves nothing behind", async () => {
  const pdf = join(server.folder, "none.pdf");
  const broken = join(server.folder, "broken");
  writeFileSync(broken, "#!/bin/sh\necho 'it broke' >&2\nexit 3\n", { mode: 0o755 });
  const refusals: [string[], RegExp][] = [
    [["--month", "2027-01"], /2027-01 has not begun.*MONTH_FUTURE/],
    [["--month", "2026-13"], /a month is written 2026-11 \(MONTH_FORMAT\)/],
    [["--month", "2026-08"], /has no visit in 2026-08 \(MONTH_EMPTY\)/],
    [["--contract", "no such"], /no contract has this ref \(CONTRACT_UNKNOWN\)/],
    [["--provider", "nobody"], /no provider has this name \(PROVIDER_UNKNOWN\)/],
    [["--chromium", "/no/chromium"], /\/no\/chromium is not installed.*CHROMIUM_MISSING/],
    [["--chromium", broken], /ended without a PDF: it broke \(CHROMIUM_FAILED\)/],
    [["--pdf", join(server.folder, "no", "none.pdf")], /is no folder.*FOLDER_MISSING/],
    [["--pack", "none"], new RegExp(`there are ${packNames.join(" ")} \\(PACK_UNKNOWN\\)`)],
  ];
  for (const [words, said] of refusals) {
    const given: Record<string, string> = { contract, month, pdf };
    for (let each = 0; each < words.length; each += 2)
      given[words[each]!.slice(2)] = words[each + 1]!;
    const all = Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);
    const refused = await server.command("report", ...all).then(
      () => ({ code: 0, stderr: "" }),
      (error: { code: number; stderr: string }) => error,
    );
    assert.equal(refused.code, 1, words.join(" "));
    assert.match(refused.stderr, said);
    assert.equal(refused.stderr.trimEnd().split("\n").length, 1, refused.stderr);
  }
  const elsewhere = await run(required("DOORSTEP_SERVER"), [
    ...["--directory", server.folder, "report", "--contract", "x", "--month", month],
    ...["--pdf", pdf],
  ]).catch((error: { stderr: string }) => error);
  assert.match(elsewhere.stderr, /SERVER_MISSING/);
  assert.equal(existsSync(pdf), false);
  const left = readdirSync(temporary).filter((name) => name.startsWith("doorstep-report-"));
  assert.deepEqual(left, []);
  assert.equal(readFileSync(join(server.folder, "all.pdf")).subarray(0, 5).toString(), "%PDF-");
});
