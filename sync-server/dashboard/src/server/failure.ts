// SPDX-License-Identifier: Apache-2.0
// What a person reads when a call failed. The words come from the code, never from the server's
// text, which is for developers.
import { Code, ConnectError } from "@connectrpc/connect";

const words: Partial<Record<Code, string>> = {
  [Code.Unauthenticated]: "You are signed out. Sign in again.",
  [Code.PermissionDenied]: "Your account may not see this.",
  [Code.NotFound]: "The server does not know this. It may have been removed from the plan.",
  [Code.InvalidArgument]:
    "The server did not understand the question. Check the days and the filter.",
  [Code.ResourceExhausted]: "The server is asked too often just now. Wait a minute and try again.",
  [Code.DeadlineExceeded]: "The server did not answer in time. Try again.",
  [Code.Unavailable]: "The server cannot be reached. Check the connection and try again.",
  [Code.Unimplemented]: "This server does not offer this.",
};

// Reasons with words of their own. A service sends its reason as the message too.
const reasonWords: Record<string, string> = {
  CROSS_SITE:
    "The server did not answer, because it does not know the address of this page. It is " +
    "nothing that you did. Tell your operator: the address must stand in public_origins of the " +
    "server's config.toml.",
  HOST_UNKNOWN:
    "The server does not know itself by the name it was called by. Tell your operator: the name " +
    "must stand in also_known_as or public_origins of the server's config.toml.",
  STREAM_HELD_BACK:
    "Changes do not arrive by themselves: something between this page and the server holds them " +
    "back. The board is loaded again every few seconds instead. Tell your operator.",
  TOO_MANY_QUESTIONS:
    "Two of your long questions are still being answered. Wait for one, or ask about two days.",
  QUESTION_TOO_LONG: "This takes too long to answer. Ask about fewer days.",
};

// The server's reason, which stands in the trailing metadata; empty when it gave none.
export function reasonOf(error: unknown): string {
  return ConnectError.from(error).metadata.get("doorstep-reason") ?? "";
}

export function failureText(error: unknown): string {
  const failure = ConnectError.from(error);
  const ofReason = reasonWords[reasonOf(failure)] ?? reasonWords[failure.rawMessage];
  if (ofReason !== undefined) return ofReason;
  // fetch() fails without a code when there is no network.
  if (failure.code === Code.Unknown && failure.cause instanceof TypeError)
    return words[Code.Unavailable]!;
  return (
    words[failure.code] ??
    "Something went wrong on the server. Try again; if it stays, tell your operator."
  );
}

// Trying again without a person cannot help.
export function isFinal(error: unknown): boolean {
  const code = ConnectError.from(error).code;
  return (
    code === Code.Unauthenticated ||
    code === Code.PermissionDenied ||
    code === Code.InvalidArgument ||
    code === Code.NotFound ||
    code === Code.Unimplemented
  );
}

export function isCancelled(error: unknown): boolean {
  return ConnectError.from(error).code === Code.Canceled;
}
