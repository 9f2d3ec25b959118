// SPDX-License-Identifier: Apache-2.0
// A server that a test can put into states which a real one reaches rarely: it speaks the contract
// over the Connect protocol, serves the built pages with the front's policy, and fails when it is
// told to.
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, type HandlerContext } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import {
  AccountService,
  Role,
  type Session,
  SessionSchema,
} from "@contract/doorstep/admin/v1/account_service_pb";
import {
  type Alarm,
  type Device,
  OfficeService,
  type PlanVersion,
  type QuarantinedEntry,
} from "@contract/doorstep/admin/v1/office_service_pb";
import {
  type BoardRow,
  BoardService,
  type GetVisitResponse,
  GetVisitResponseSchema,
  type WatchBoardResponse,
  WatchBoardResponseSchema,
} from "@contract/doorstep/monitoring/v1/board_service_pb";
import { type MeasureVisit } from "@contract/doorstep/records/v1/measures_service_pb";
import {
  type Contract,
  type EntryProof,
  type RecordFilter,
  RecordsService,
  type VisitRecord,
} from "@contract/doorstep/records/v1/records_service_pb";
import {
  type ListRuleVersionsResponse,
  ListRuleVersionsResponseSchema,
  type RuledVisit,
  type RulesPreview,
  RulesPreviewSchema,
  RulesService,
} from "@contract/doorstep/records/v1/rules_service_pb";
import { readFile } from "node:fs/promises";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { extname, join, normalize } from "node:path";

import { CommissionedOffice, commissioningService } from "./commissioned_office";
import { matches, totalsOf } from "./county_records";
import { DecidedRecords, decisionServices } from "./decided_records";
import { measuresService } from "./measures_service";
import { boardTime, day, providerId, providerName } from "./morning_board";
import { RepliedFigures, repliesService } from "./replied_figures";

// As strict as the front's policy (sync-server/http/http_reply.h) or stricter: files of the same
// origin only.
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

export const accounts: Record<string, Session> = {
  supervisor: create(SessionSchema, {
    displayName: "Samira Khan",
    role: Role.SUPERVISOR,
    providerId,
    organisationName: providerName,
  }),
  council: create(SessionSchema, {
    displayName: "Tom Hale",
    role: Role.COUNCIL,
    councilId: 5n,
    organisationName: "Leicestershire County Council",
  }),
  operator: create(SessionSchema, {
    displayName: "Uma Patel",
    role: Role.OPERATOR,
    organisationName: "Doorstep server",
  }),
};

interface Watcher {
  send(answer: WatchBoardResponse): void;
  end(): void;
}

export class MockServer {
  address = "";
  nowUnixMs = boardTime;
  rows = new Map<bigint, BoardRow>();
  visits = new Map<bigint, GetVisitResponse>();
  contracts: Contract[] = [];
  records: VisitRecord[] = [];
  proofs: EntryProof[] = [];
  measured: MeasureVisit[] = [];
  // Set: figures are refused with this reason.
  measuresRefused = "";
  alarms: Alarm[] = [];
  apart: QuarantinedEntry[] = [];
  devices: Device[] = [];
  versions: PlanVersion[] = [];
  verifierKey = "";
  readonly decided = new DecidedRecords();
  readonly commissioned = new CommissionedOffice();
  readonly replied = new RepliedFigures();
  rules: ListRuleVersionsResponse = create(ListRuleVersionsResponseSchema);
  preview: RulesPreview = create(RulesPreviewSchema);
  // Of every cell.
  ruledVisits: RuledVisit[] = [];
  // A preview stands still half way.
  previewHeld = false;
  previewsLeft = 0;
  // Set: publishing rules is refused for this reason.
  publishFailure = "";
  // What each method was asked, newest last.
  asked: { method: string; request: unknown }[] = [];
  // Every call fails with this.
  failure: Code | undefined;
  // Set: sign-in answers so.
  signInFailure: Code | undefined;
  pageSize = 1_000;
  #revision = 100n;
  #watchers = new Set<Watcher>();
  #sockets = new Set<Socket>();
  #http: Server;

  constructor(private readonly pages: string) {
    const connect = connectNodeAdapter({
      routes: (router) => {
        router.service(AccountService, {
          signIn: ({ login, password }, context) => {
            if (this.signInFailure !== undefined)
              throw new ConnectError("TOO_MANY_ATTEMPTS", this.signInFailure);
            const session = accounts[login];
            if (!session || password !== "right horse")
              throw new ConnectError("SIGN_IN_FAILED", Code.Unauthenticated);
            context.responseHeader.set(
              "set-cookie",
              `session=${login}; HttpOnly; SameSite=Strict; Path=/`,
            );
            return { session };
          },
          signOut: (_, context) => {
            context.responseHeader.set("set-cookie", "session=; Max-Age=0; Path=/");
            return {};
          },
          getSession: (_, context) => ({ session: this.#who(context) }),
        });
        router.service(BoardService, {
          getBoard: (request, context) => {
            this.#note("getBoard", request, context);
            const rows = [...this.rows.values()];
            const from = Number(request.pageToken || 0);
            const next = from + this.pageSize;
            return {
              rows: rows.slice(from, next),
              nextPageToken: next < rows.length ? String(next) : "",
              revision: this.#revision,
              day: request.day || day,
              providerId,
              providerName,
              serverTimeUnixMs: this.nowUnixMs,
            };
          },
          watchBoard: (request, context) => {
            this.#note("watchBoard", request, context);
            return this.#watch(context.signal);
          },
          getVisit: (request, context) => {
            this.#note("getVisit", request, context);
            const visit = this.visits.get(request.visitId);
            const row = this.rows.get(request.visitId);
            if (!row) throw new ConnectError("VISIT_UNKNOWN", Code.NotFound);
            return { ...(visit ?? create(GetVisitResponseSchema)), row };
          },
        });
        router.service(OfficeService, {
          listAlarms: (request, context) => {
            this.#note("listAlarms", request, context);
            const [alarms, nextPageToken] = this.#page(this.alarms, request);
            return { alarms, nextPageToken };
          },
          listQuarantine: (request, context) => {
            this.#note("listQuarantine", request, context);
            const [entries, nextPageToken] = this.#page(this.apart, request);
            return { entries, nextPageToken };
          },
          listDevices: (request, context) => {
            this.#note("listDevices", request, context);
            const [devices, nextPageToken] = this.#page(this.devices, request);
            return { devices, nextPageToken };
          },
          listPlanVersions: (request, context) => {
            this.#note("listPlanVersions", request, context);
            const [versions, nextPageToken] = this.#page(this.versions, request);
            return { versions, nextPageToken };
          },
        });
        decisionServices(router, this.decided, (method, request, context) =>
          this.#note(method, request, context),
        );
        commissioningService(router, this.commissioned, (method, request, context) =>
          this.#note(method, request, context),
        );
        repliesService(router, this.replied, (method, request, context) =>
          this.#note(method, request, context),
        );
        router.service(RecordsService, {
          listContracts: (request, context) => {
            this.#note("listContracts", request, context);
            return { contracts: this.contracts };
          },
          listVisitRecords: (request, context) => {
            this.#note("listVisitRecords", request, context);
            const found = this.records.filter((record) => matches(record, request.filter));
            const [records, nextPageToken] = this.#page(found, request);
            return { records, nextPageToken };
          },
          getTotals: (request, context) => {
            this.#note("getTotals", request, context);
            return totalsOf(this.records.filter((record) => matches(record, request.filter)));
          },
          exportCsv: (request, context) => {
            this.#note("exportCsv", request, context);
            return this.#csv(request.filter);
          },
          exportRules: (request, context) => {
            this.#note("exportRules", request, context);
            return { rulesJson: new TextEncoder().encode('{"schema":"doorstep-rules/1"}\n') };
          },
          getVisitProofs: (request, context) => {
            this.#note("getVisitProofs", request, context);
            return { proofs: this.proofs, logVerifierKey: this.verifierKey };
          },
        });
        router.service(RulesService, {
          listRuleVersions: (request, context) => {
            this.#note("listRuleVersions", request, context);
            return this.rules;
          },
          previewRules: (request, context) => {
            this.#note("previewRules", request, context);
            return this.#preview(context.signal);
          },
          listRuledVisits: (request, context) => {
            this.#note("listRuledVisits", request, context);
            const pageToken = request.pageToken.replace(/^cell-.*/, "");
            const [visits, nextPageToken] = this.#page(this.ruledVisits, { ...request, pageToken });
            return { visits, nextPageToken };
          },
          publishRules: (request, context) => {
            this.#note("publishRules", request, context);
            if (this.publishFailure !== "")
              throw new ConnectError(this.publishFailure, Code.Aborted);
            return { ruleVersion: request.newestSeen + 1 };
          },
        });
        measuresService(
          router,
          this,
          (method, request, context) => this.#note(method, request, context),
          (all, request) => this.#page(all, request),
        );
      },
      fallback: (request, response) =>
        void this.#servePage(request.url ?? "/", response as ServerResponse),
    });
    this.#http = createServer((request, response) => {
      if (this.failure === Code.Unavailable && request.method === "POST") request.socket.destroy();
      else connect(request, response);
    });
    this.#http.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#http.listen(0, "127.0.0.1", resolve));
    this.address = `http://localhost:${(this.#http.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  get watching(): number {
    return this.#watchers.size;
  }

  setBoard(rows: BoardRow[]): void {
    this.rows = new Map(rows.map((row) => [row.visitId, row]));
  }

  // Rows as they are from now on, sent to everybody who watches.
  change(...rows: BoardRow[]): void {
    for (const row of rows) this.rows.set(row.visitId, row);
    this.#revision += 1n;
    this.#send({ revision: this.#revision, rows, serverTimeUnixMs: this.nowUnixMs });
  }

  reset(): void {
    this.#send({ revision: this.#revision, reset: true, serverTimeUnixMs: this.nowUnixMs });
  }

  // Nobody hears anything more, as when a network cable is pulled and put back.
  cutStreams(): void {
    for (const watcher of [...this.#watchers]) watcher.end();
    for (const socket of this.#sockets) socket.destroy();
  }

  callsOf(method: string): number {
    return this.asked.filter((call) => call.method === method).length;
  }

  // Waits for a question that fits; the test's own limit ends it.
  async untilAsked(method: string, fits: (of: { providerId?: bigint }) => boolean): Promise<void> {
    while (!this.asked.some((call) => call.method === method && fits(call.request as object)))
      await new Promise((resolve) => setTimeout(resolve, 20));
  }

  #send(answer: {
    revision: bigint;
    rows?: BoardRow[];
    reset?: boolean;
    serverTimeUnixMs: bigint;
  }): void {
    for (const watcher of this.#watchers) watcher.send(create(WatchBoardResponseSchema, answer));
  }

  async *#preview(signal: AbortSignal) {
    const visits = this.preview.visits;
    for (const visitsDone of [0n, visits / 2n])
      yield { step: { case: "progress" as const, value: { visitsDone, visits } } };
    if (this.previewHeld) {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      ++this.previewsLeft;
      return;
    }
    yield { step: { case: "preview" as const, value: this.preview } };
  }

  async *#watch(signal: AbortSignal): AsyncGenerator<WatchBoardResponse> {
    const queue: WatchBoardResponse[] = [
      create(WatchBoardResponseSchema, {
        revision: this.#revision,
        serverTimeUnixMs: this.nowUnixMs,
      }),
    ];
    let wake = () => {};
    let over = false;
    const watcher: Watcher = {
      send: (answer) => {
        queue.push(answer);
        wake();
      },
      end: () => {
        over = true;
        wake();
      },
    };
    this.#watchers.add(watcher);
    signal.addEventListener("abort", watcher.end);
    try {
      while (!over) {
        const next = queue.shift();
        if (next) yield next;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      this.#watchers.delete(watcher);
    }
  }

  async *#csv(filter: RecordFilter | undefined): AsyncGenerator<{ chunk: Uint8Array }> {
    yield { chunk: Buffer.from("visit_id,person_la_id\r\n") };
    for (const record of this.records.filter((each) => matches(each, filter))) {
      yield { chunk: Buffer.from(`${record.visitRef},${record.personRef}\r\n`) };
    }
  }

  #page<Item>(all: Item[], asked: { pageSize: number; pageToken: string }): [Item[], string] {
    const from = Number(asked.pageToken || 0);
    const next = from + (asked.pageSize || 200);
    return [all.slice(from, next), next < all.length ? String(next) : ""];
  }

  #who(context: HandlerContext): Session {
    if (this.failure !== undefined) throw new ConnectError("MOCK", this.failure);
    const login = /session=(\w+)/.exec(context.requestHeader.get("cookie") ?? "")?.[1];
    const session = login ? accounts[login] : undefined;
    if (!session) throw new ConnectError("NOT_SIGNED_IN", Code.Unauthenticated);
    return session;
  }

  #note(method: string, request: unknown, context: HandlerContext): void {
    this.#who(context);
    this.asked.push({ method, request });
  }

  async #servePage(url: string, response: ServerResponse): Promise<void> {
    const path = new URL(url, "http://localhost").pathname;
    const file = join(this.pages, normalize(path === "/" ? "/index.html" : path));
    try {
      const bytes = await readFile(file);
      response.writeHead(200, {
        "content-type": types[extname(file)] ?? "application/octet-stream",
        "content-security-policy": policy,
      });
      response.end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  }
}
