// SPDX-License-Identifier: Apache-2.0
// The address after '#': it can be kept, sent and gone back to.
//   #/board?day=2026-11-23      #/board/visit/<provider>/<visit>      #/records?lot=North&from=…
//   #/office      #/rules?contract=…      #/adjustments?contract=…
//   #/commissioned?contract=31&provider=71&day=2026-11-23&search=p1
//   #/figures?contract=31&on=…  #/figures/<measure or page>?…
const pages = [
  "board",
  "records",
  "office",
  "figures",
  "adjustments",
  "commissioned",
  "rules",
] as const;
export type PageName = (typeof pages)[number];

export interface Route {
  page: PageName | "";
  visit: { providerId: bigint; visitId: bigint } | undefined;
  // Of figures: the measure or the page within; empty for the overview.
  figures: string;
  query: URLSearchParams;
}

export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#/, "").split("?", 2);
  const parts = path.split("/").filter((part) => part !== "");
  const page = pages.find((each) => each === parts[0]) ?? "";
  const isVisit =
    page === "board" &&
    parts[1] === "visit" &&
    [parts[2], parts[3]].every((id) => /^\d{1,20}$/.test(id ?? ""));
  return {
    page,
    visit: isVisit ? { providerId: BigInt(parts[2]!), visitId: BigInt(parts[3]!) } : undefined,
    figures: page === "figures" ? (parts[1] ?? "") : "",
    query: new URLSearchParams(query),
  };
}

export function routeHash(path: string, query?: URLSearchParams): string {
  const text = query?.toString() ?? "";
  return `#/${path}${text === "" ? "" : `?${text}`}`;
}

class CurrentRoute {
  #route = $state.raw(parseRoute(location.hash));

  constructor() {
    addEventListener("hashchange", () => (this.#route = parseRoute(location.hash)));
  }

  get now(): Route {
    return this.#route;
  }

  go(hash: string): void {
    location.hash = hash;
  }

  // As go, but the step back leads past it: for filters.
  replace(hash: string): void {
    history.replaceState(null, "", hash);
    this.#route = parseRoute(hash);
  }
}

export const route = new CurrentRoute();
