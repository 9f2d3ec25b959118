// SPDX-License-Identifier: Apache-2.0
// Of whom, on which day and whom of the people, as it stands in the address.
import type { Contract } from "@contract/doorstep/records/v1/records_service_pb";

import { dayOf } from "../design/london_time";
import type { RecordsClient } from "../server/connection";

export interface AskedFields {
  contract: string;
  provider: string;
  day: string;
  search: string;
}

const dayForm = /^\d{4}-\d{2}-\d{2}$/;
const idForm = /^\d{1,19}$/;
export const searchMax = 64;

// What is not of the form is left out: an address is written by people too.
export function fieldsFromQuery(query: URLSearchParams): AskedFields {
  const text = (name: string) => query.get(name) ?? "";
  const fitting = (name: string, form: RegExp) => (form.test(text(name)) ? text(name) : "");
  return {
    contract: fitting("contract", idForm),
    provider: fitting("provider", idForm),
    day: fitting("day", dayForm) || dayOf(Date.now()),
    search: text("search").slice(0, searchMax),
  };
}

export function queryFromFields(fields: AskedFields): URLSearchParams {
  const kept = Object.entries(fields).filter(
    ([name, value]) => value !== "" && !(name === "day" && value === dayOf(Date.now())),
  );
  return new URLSearchParams(kept);
}

// A provider's share of a contract: whatever is commissioned is of one.
export interface Share {
  contractId: bigint;
  contractRef: string;
  providerId: bigint;
  providerName: string;
}

export const sharesOf = (contracts: readonly Contract[]): Share[] =>
  contracts.flatMap((contract) =>
    contract.providers.map(({ providerId, providerName }) => ({
      contractId: contract.contractId,
      contractRef: contract.ref,
      providerId,
      providerName,
    })),
  );

// The one that is asked for, else the first.
export const shareOf = (shares: readonly Share[], fields: AskedFields): Share | undefined =>
  shares.find(
    (each) =>
      String(each.contractId) === fields.contract &&
      (fields.provider === "" || String(each.providerId) === fields.provider),
  ) ?? shares[0];

export async function readContracts(records: RecordsClient): Promise<Contract[]> {
  const found: Contract[] = [];
  let pageToken = "";
  do {
    const page = await records.listContracts({ pageToken });
    found.push(...page.contracts);
    pageToken = page.nextPageToken;
  } while (pageToken !== "");
  return found;
}
