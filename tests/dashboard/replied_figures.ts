// SPDX-License-Identifier: Apache-2.0
// What a mock server has of replies to figures, and its answers about them.
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError, type ConnectRouter, type HandlerContext } from "@connectrpc/connect";
import {
  type FigureReply,
  FigureReplySchema,
  RepliesService,
  type ReplyToFigureRequest,
} from "@contract/doorstep/records/v1/replies_service_pb";

export class RepliedFigures {
  replies: FigureReply[] = [];
  asked: ReplyToFigureRequest[] = [];
}

type Note = (method: string, request: unknown, context: HandlerContext) => void;

export function repliesService(router: ConnectRouter, replied: RepliedFigures, note: Note): void {
  const next = () => Math.max(0, ...replied.replies.map((each) => each.reply)) + 1;
  const add = (reply: FigureReply) => {
    replied.replies = [...replied.replies, reply];
    return { reply };
  };
  router.service(RepliesService, {
    listReplies: (request, context) => {
      note("listReplies", request, context);
      const found = replied.replies.filter(
        ({ figure, filter }) =>
          (request.measure || figure?.id) === figure?.id &&
          (filter?.firstDay ?? "") <= request.lastDay &&
          (filter?.lastDay ?? "") >= request.firstDay,
      );
      return { replies: found };
    },
    replyToFigure: (request, context) => {
      note("replyToFigure", request, context);
      if (request.text.includes("\u202e"))
        throw new ConnectError("DIRECTION_CHARACTERS", Code.InvalidArgument);
      replied.asked.push(request);
      const { filter, measure: id, text, visitIds } = request;
      return add(
        replyOf({
          reply: next(),
          filter: { ...filter!, providerId: 71n },
          figure: { id, numerator: 9n, denominator: 340n },
          text,
          visits: visitIds.map((visitId) => ({
            visitId,
            visitRef: `V-${visitId}`,
            windowStartUnixMs: 1_795_600_000_000n,
            windowEndUnixMs: 1_795_600_900_000n,
          })),
        }),
      );
    },
    withdrawReply: (request, context) => {
      note("withdrawReply", request, context);
      const before = replied.replies.find((each) => each.reply === request.reply);
      if (!before) throw new ConnectError("REPLY_UNKNOWN", Code.NotFound);
      const { filter, figure } = before;
      return add(
        replyOf({
          reply: next(),
          filter: filter!,
          figure: figure!,
          text: request.text,
          withdraws: request.reply,
        }),
      );
    },
  });
}

export const replyOf = (of: MessageInitShape<typeof FigureReplySchema>): FigureReply =>
  create(FigureReplySchema, {
    contractId: 31n,
    providerId: 71n,
    providerName: "Harborough Home Care",
    accountName: "Samira Khan",
    asOfUnixMs: 1_796_200_000_000n,
    madeUnixMs: 1_796_200_010_000n,
    ...of,
  });

const november = { contractId: 31n, firstDay: "2026-11-01", lastDay: "2026-11-30" };

export function fillReplies(replied: RepliedFigures): void {
  const figure = { id: "missed.rate", numerator: 9n, denominator: 349n };
  replied.replies = [
    replyOf({
      reply: 1,
      filter: { ...november, providerId: 71n },
      figure,
      text:
        "Six of the nine were on 23 November, when the road to Kibworth was under water.\n" +
        "Each person was rung and a neighbour looked in; the notes are with the visits.",
      visits: [
        {
          visitId: 5_991n,
          visitRef: "V-5991",
          windowStartUnixMs: 1_795_424_400_000n,
          windowEndUnixMs: 1_795_425_300_000n,
        },
        { visitId: 7_001n },
      ],
    }),
    replyOf({
      reply: 2,
      filter: { ...november, providerId: 71n },
      figure,
      text: "We count seven.",
      withdrawnBy: 3,
    }),
    replyOf({
      reply: 3,
      filter: { ...november, providerId: 71n },
      figure,
      text: "It was nine: two were entered under another person.",
      withdraws: 2,
    }),
    replyOf({
      reply: 1,
      providerId: 72n,
      providerName: "Soar Valley Care",
      accountName: "",
      filter: {
        ...november,
        providerId: 72n,
        where: [{ dimension: "lot", value: "Lot 5 Melton" }],
      },
      figure: { ...figure, numerator: 3n, denominator: 60n },
      text: "Of Melton alone.",
    }),
  ];
}
