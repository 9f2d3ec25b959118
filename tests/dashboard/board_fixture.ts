// SPDX-License-Identifier: Apache-2.0
// A supervisor at the board of morning_board.ts, for the tests of the board and of an open visit.
import { clone } from "@bufbuild/protobuf";
import { type BoardRow, BoardRowSchema } from "@contract/doorstep/monitoring/v1/board_service_pb";
import type { Browser, Locator } from "playwright-core";

import { startMock, Visitor } from "./browser";
import type { MockServer } from "./mock_server";
import { morningBoard } from "./morning_board";

export class BoardFixture {
  readonly board = morningBoard();

  private constructor(
    private readonly browser: Browser,
    readonly mock: MockServer,
  ) {}

  static async start(browser: Browser): Promise<BoardFixture> {
    return new BoardFixture(browser, await startMock());
  }

  async open(rows: BoardRow[] = this.board): Promise<Visitor> {
    this.mock.setBoard(rows);
    this.#visitor = await Visitor.open(this.browser, this.mock.address);
    await this.#visitor.signIn("supervisor");
    await this.#visitor.page.getByText("Last heard from the server").waitFor();
    return this.#visitor;
  }

  async end(): Promise<void> {
    await this.#visitor?.leave();
    await this.mock.stop();
  }

  planned(person: string): BoardRow {
    const row = this.board.find((each) => each.personName === person);
    if (!row) throw new Error(`${person} is not on the board`);
    return row;
  }

  // Changes a person's row on the server, for everybody who watches.
  change(person: string, change: (row: BoardRow) => void): void {
    const next = clone(BoardRowSchema, this.planned(person));
    change(next);
    this.mock.change(next);
  }

  rowNames(): Promise<string[]> {
    return this.#page().locator("ol[aria-label^=Visits] .who strong").allTextContents();
  }

  rowOf(person: string): Locator {
    return this.#page().getByRole("listitem").filter({ hasText: person }).first();
  }

  #visitor: Visitor | undefined;

  #page() {
    if (!this.#visitor) throw new Error("the board is not open");
    return this.#visitor.page;
  }
}
