// SPDX-License-Identifier: Apache-2.0
// The page that doorstep-server prints (sync-server/commands/report_page.h): the report stands in
// it as base64, nothing is fetched, and the last line tells the command that all of it is there.
import { fromBinary } from "@bufbuild/protobuf";
import { base64Decode } from "@bufbuild/protobuf/wire";
import { MonthReportSchema } from "@contract/doorstep/records/v1/report_pb";
import { flushSync, mount } from "svelte";

import { longMonthText } from "../design/london_time";
import "../design/theme.css";
import { shownMessage } from "../server/shown_text";
import { direction, locale, say } from "../words/say";
import { setPageMargins } from "./page_margins";
import "./print.css";
import PrintedPage from "./PrintedPage.svelte";

const part = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no #${id}`);
  return found;
};

const bytes = base64Decode(part("figures").textContent ?? "");
const report = shownMessage(fromBinary(MonthReportSchema, bytes));
const title = say("report.page_title", {
  contract: report.contract?.ref ?? "",
  month: longMonthText(report.firstDay.slice(0, 7)),
});
document.documentElement.lang = locale;
document.documentElement.dir = direction;
document.title = title;
setPageMargins(title);
mount(PrintedPage, { target: part("report"), props: { report } });
flushSync();
console.log("doorstep-report-ready");
