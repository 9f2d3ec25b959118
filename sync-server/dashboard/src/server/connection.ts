// SPDX-License-Identifier: Apache-2.0
// The one way to the server: the Connect protocol, binary, same origin. The session is a cookie
// that scripts cannot read.
import {
  type Client,
  Code,
  ConnectError,
  createClient,
  type Interceptor,
} from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";

import { AccountService } from "@contract/doorstep/admin/v1/account_service_pb";
import { CommissioningService } from "@contract/doorstep/admin/v1/commissioning_service_pb";
import { OfficeService } from "@contract/doorstep/admin/v1/office_service_pb";
import { BoardService } from "@contract/doorstep/monitoring/v1/board_service_pb";
import { AdjustmentService } from "@contract/doorstep/records/v1/adjustment_service_pb";
import { FreezeService } from "@contract/doorstep/records/v1/freeze_service_pb";
import { MeasuresService } from "@contract/doorstep/records/v1/measures_service_pb";
import { RecordsService } from "@contract/doorstep/records/v1/records_service_pb";
import { RepliesService } from "@contract/doorstep/records/v1/replies_service_pb";
import { RulesService } from "@contract/doorstep/records/v1/rules_service_pb";

import { shownMessage } from "./shown_text";

// A unary call that took longer than this is given up; streams have no end.
const unaryTimeoutMs = 20_000;

export type AccountClient = Client<typeof AccountService>;
export type CommissioningClient = Client<typeof CommissioningService>;
export type OfficeClient = Client<typeof OfficeService>;
export type BoardClient = Client<typeof BoardService>;
export type AdjustmentClient = Client<typeof AdjustmentService>;
export type FreezeClient = Client<typeof FreezeService>;
export type MeasuresClient = Client<typeof MeasuresService>;
export type RecordsClient = Client<typeof RecordsService>;
export type RepliesClient = Client<typeof RepliesService>;
export type RulesClient = Client<typeof RulesService>;

export interface Server {
  account: AccountClient;
  commissioning: CommissioningClient;
  office: OfficeClient;
  board: BoardClient;
  records: RecordsClient;
  adjustments: AdjustmentClient;
  freezes: FreezeClient;
  replies: RepliesClient;
  rules: RulesClient;
  measures: MeasuresClient;
}

// onSignedOut: called when the server no longer knows the session.
export function connectToServer(baseUrl: string, onSignedOut: () => void): Server {
  const report = (error: unknown) => {
    if (ConnectError.from(error).code === Code.Unauthenticated) onSignedOut();
  };
  // The error of a stream comes with its messages, not with its beginning.
  async function* reported<Message>(messages: AsyncIterable<Message>): AsyncIterable<Message> {
    try {
      yield* messages;
    } catch (error) {
      report(error);
      throw error;
    }
  }
  async function* shown<Message>(messages: AsyncIterable<Message>): AsyncIterable<Message> {
    for await (const message of messages) yield shownMessage(message);
  }
  // Every text of the server, once, where it arrives.
  const showTexts: Interceptor = (next) => async (request) => {
    const response = await next(request);
    return response.stream
      ? { ...response, message: shown(response.message) }
      : { ...response, message: shownMessage(response.message) };
  };
  const watchSession: Interceptor = (next) => async (request) => {
    if (request.service.typeName === AccountService.typeName) return next(request);
    try {
      const response = await next(request);
      return response.stream ? { ...response, message: reported(response.message) } : response;
    } catch (error) {
      report(error);
      throw error;
    }
  };
  const transport = createConnectTransport({
    baseUrl,
    useBinaryFormat: true,
    defaultTimeoutMs: unaryTimeoutMs,
    interceptors: [watchSession, showTexts],
  });
  return {
    account: createClient(AccountService, transport),
    commissioning: createClient(CommissioningService, transport),
    office: createClient(OfficeService, transport),
    board: createClient(BoardService, transport),
    records: createClient(RecordsService, transport),
    adjustments: createClient(AdjustmentService, transport),
    freezes: createClient(FreezeService, transport),
    replies: createClient(RepliesService, transport),
    rules: createClient(RulesService, transport),
    measures: createClient(MeasuresService, transport),
  };
}
