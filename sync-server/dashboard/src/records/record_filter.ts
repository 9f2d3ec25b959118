// SPDX-License-Identifier: Apache-2.0
// Which records, as the address holds it: a figure can be sent to somebody as a link.
import { create } from "@bufbuild/protobuf";
import {
  type Punctuality,
  type RecordFilter,
  RecordFilterSchema,
} from "@contract/doorstep/records/v1/records_service_pb";

import { dayOf, moveDay } from "../design/london_time";
import { punctualityChoices } from "./record_words";

// Plain values, as form fields hold them. Empty does not narrow.
export interface FilterFields {
  contract: string;
  provider: string;
  lot: string;
  from: string;
  to: string;
  punctuality: string;
}

// Without a word about days: the last week up to today.
const daysBack = 6;

export function fieldsFromQuery(query: URLSearchParams, nowMs: number): FilterFields {
  const today = dayOf(nowMs);
  const id = (name: string) => (/^\d{1,20}$/.test(query.get(name) ?? "") ? query.get(name)! : "");
  const day = (name: string, otherwise: string) => {
    const value = query.get(name);
    if (value === null) return otherwise;
    return /^\d{4}-\d\d-\d\d$/.test(value) ? value : "";
  };
  return {
    contract: id("contract"),
    provider: id("provider"),
    lot: query.get("lot") ?? "",
    from: day("from", moveDay(today, -daysBack)),
    to: day("to", today),
    punctuality: id("punctuality"),
  };
}

export function queryFromFields(fields: FilterFields): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    // Days are kept when empty: that says "all days", not "the last week".
    if (value !== "" || name === "from" || name === "to") query.set(name, value);
  }
  return query;
}

export function filterFromFields(fields: FilterFields): RecordFilter {
  const punctuality = punctualityChoices.find((choice) => String(choice) === fields.punctuality);
  return create(RecordFilterSchema, {
    contractId: BigInt(fields.contract || 0),
    providerId: BigInt(fields.provider || 0),
    lot: fields.lot,
    firstDay: fields.from,
    lastDay: fields.to,
    punctuality: punctuality ?? (0 as Punctuality),
  });
}
