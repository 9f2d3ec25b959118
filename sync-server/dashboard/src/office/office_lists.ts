// SPDX-License-Identifier: Apache-2.0
// What an office looks after, each a list of entries of one shape: alarms, what is kept apart,
// phones, the plan's history.
import type { PlanFile } from "@contract/doorstep/admin/v1/office_service_pb";

import { dayOf, timeTextOn } from "../design/london_time";
import type { Tone } from "../design/tone";
import type { OfficeClient } from "../server/connection";
import { publicationText } from "../visit/plan_words";
import { isolated, say } from "../words/say";
import {
  alarmText,
  apartText,
  changedText,
  phoneState,
  phoneText,
  type Words,
} from "./office_words";
import { PagedList } from "./paged_list.svelte";

const pageSize = 50;

export interface Entry {
  title: string;
  // How it stands, before what else is said.
  mark?: Words;
  text: string;
  // Of the text; none: it only informs.
  tone?: Tone;
  note?: string;
  files?: PlanFile[];
}

export interface OfficeList {
  key: string;
  title: string;
  about: string;
  // In the place of entries, when there are none.
  none: string;
  list: PagedList<Entry>;
}

const carerOf = ({ carerName }: { carerName: string }): string =>
  carerName || say("office.nobodys_phone");

// nowUnixMs: times of this day are shown without it.
export function officeLists(
  office: OfficeClient,
  providerId: bigint,
  nowUnixMs: number,
): OfficeList[] {
  const asked = { providerId, pageSize };
  const today = dayOf(nowUnixMs);
  return [
    {
      key: "alarms",
      title: say("office.alarms"),
      about: say("office.alarms_about"),
      none: say("office.alarms_none"),
      list: new PagedList(async (pageToken, signal) => {
        const page = await office.listAlarms({ ...asked, pageToken }, { signal });
        const entries = page.alarms.map((alarm) => ({
          title: carerOf(alarm),
          text: alarmText(alarm),
          tone: "alarm" as const,
          note: say("office.raised", { time: timeTextOn(today, alarm.raisedUnixMs) }),
        }));
        return { items: entries, nextPageToken: page.nextPageToken };
      }),
    },
    {
      key: "apart",
      title: say("office.apart"),
      about: say("office.apart_about"),
      none: say("office.apart_none"),
      list: new PagedList(async (pageToken, signal) => {
        const page = await office.listQuarantine({ ...asked, pageToken }, { signal });
        const entries = page.entries.map((entry) => ({
          title: say("office.apart_title", { carer: carerOf(entry), number: entry.n }),
          text: apartText(entry),
          note: say("office.came", { time: timeTextOn(today, entry.receivedUnixMs) }),
        }));
        return { items: entries, nextPageToken: page.nextPageToken };
      }),
    },
    {
      key: "phones",
      title: say("office.phones"),
      about: say("office.phones_about"),
      none: say("office.phones_none"),
      list: new PagedList(async (pageToken, signal) => {
        const page = await office.listDevices({ ...asked, pageToken }, { signal });
        const entries = page.devices.map((phone) => ({
          title: phone.carerName || say("office.nobody"),
          mark: phoneState(phone),
          text: isolated(phone.description),
          note: phoneText(phone, nowUnixMs),
        }));
        return { items: entries, nextPageToken: page.nextPageToken };
      }),
    },
    {
      key: "history",
      title: say("office.history"),
      about: say("office.history_about"),
      none: say("office.history_none"),
      list: new PagedList(async (pageToken, signal) => {
        const page = await office.listPlanVersions({ ...asked, pageToken }, { signal });
        const entries = page.versions.map((version) => ({
          title: publicationText(version.publication, today),
          text: changedText(version),
          files: version.files,
        }));
        return { items: entries, nextPageToken: page.nextPageToken };
      }),
    },
  ];
}
