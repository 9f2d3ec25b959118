// SPDX-License-Identifier: Apache-2.0
// Pages of people for a list. The server may answer with an empty page and go on behind it: it
// looks at so many people a call, and few of a large provider may be of one contract.
import type { PersonPackages } from "@contract/doorstep/admin/v1/commissioning_service_pb";

import type { Page } from "../office/paged_list.svelte";
import type { CommissioningClient } from "../server/connection";

const emptyPagesMax = 20;
const pageSize = 50;

export const askPackages =
  (
    commissioning: CommissioningClient,
    asked: { providerId: bigint; contractId: bigint; day: string; search: string },
  ) =>
  async (pageToken: string, signal: AbortSignal): Promise<Page<PersonPackages>> => {
    let next = pageToken;
    for (let pages = 0; ; ++pages) {
      const page = await commissioning.listPackages(
        { ...asked, pageSize, pageToken: next },
        { signal },
      );
      next = page.nextPageToken;
      if (page.people.length > 0 || next === "" || pages === emptyPagesMax)
        return { items: page.people, nextPageToken: next };
    }
  };
