// SPDX-License-Identifier: Apache-2.0
// Which adjustments, as it stands in the address.
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { AdjustmentFilterSchema } from "@contract/doorstep/records/v1/adjustment_service_pb";

import { reasonChoices } from "./adjustment_words";

export interface FilterFields {
  contract: string;
  from: string;
  to: string;
  reason: string;
}

const dayForm = /^\d{4}-\d{2}-\d{2}$/;

// What is not of the form is left out: an address is written by people too.
export function fieldsFromQuery(query: URLSearchParams): FilterFields {
  const text = (name: string) => query.get(name) ?? "";
  const day = (name: string) => (dayForm.test(text(name)) ? text(name) : "");
  return {
    contract: /^\d{1,19}$/.test(text("contract")) ? text("contract") : "",
    from: day("from"),
    to: day("to"),
    reason: reasonChoices.includes(text("reason")) ? text("reason") : "",
  };
}

export function queryFromFields(fields: FilterFields): URLSearchParams {
  return new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== ""));
}

export const filterFromFields = (
  fields: FilterFields,
): MessageInitShape<typeof AdjustmentFilterSchema> => ({
  contractId: BigInt(fields.contract || 0),
  firstDay: fields.from,
  lastDay: fields.to,
  reason: fields.reason,
});
