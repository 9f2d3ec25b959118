// SPDX-License-Identifier: Apache-2.0
// A list of the server that is shown from its beginning and grows when somebody asks for more.
import { failureText, isCancelled } from "../server/failure";

export interface Page<Item> {
  items: Item[];
  nextPageToken: string;
}
type Ask<Item> = (pageToken: string, signal: AbortSignal) => Promise<Page<Item>>;

export class PagedList<Item> {
  items = $state.raw<Item[]>([]);
  busy = $state(true);
  problem = $state("");
  #next = $state("");
  #call = new AbortController();

  constructor(private readonly ask: Ask<Item>) {
    void this.more();
  }

  get hasMore(): boolean {
    return this.#next !== "";
  }

  // The next page, or the same one again after a failure.
  async more(): Promise<void> {
    this.busy = true;
    this.problem = "";
    try {
      const page = await this.ask(this.#next, this.#call.signal);
      this.items = [...this.items, ...page.items];
      this.#next = page.nextPageToken;
      this.busy = false;
    } catch (error) {
      if (isCancelled(error)) return;
      this.problem = failureText(error);
      this.busy = false;
    }
  }

  stop(): void {
    this.#call.abort();
  }
}
