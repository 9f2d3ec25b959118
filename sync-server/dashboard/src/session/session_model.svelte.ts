// SPDX-License-Identifier: Apache-2.0
// Who is signed in. The cookie is the truth; this mirrors what the server said about it.
import { Code, ConnectError } from "@connectrpc/connect";

import { Role, type Session } from "@contract/doorstep/admin/v1/account_service_pb";

import type { AccountClient } from "../server/connection";
import { failureText } from "../server/failure";
import { say } from "../words/say";

export type SessionState =
  // Asking the server who the cookie belongs to. Ends with its answer.
  | { kind: "checking" }
  // The server could not be asked. Ends with a retry.
  | { kind: "unreachable"; text: string }
  // Nobody. Ends with a sign-in.
  | { kind: "signed-out"; text: string }
  // Somebody. Ends with a sign-out or when the server forgets the session.
  | { kind: "signed-in"; session: Session };

export class SessionModel {
  state = $state.raw<SessionState>({ kind: "checking" });
  #account!: AccountClient;

  begin(account: AccountClient): void {
    this.#account = account;
    void this.check();
  }

  async check(): Promise<void> {
    this.state = { kind: "checking" };
    try {
      this.#accept((await this.#account.getSession({})).session);
    } catch (error) {
      const nobody = ConnectError.from(error).code === Code.Unauthenticated;
      this.state = nobody
        ? { kind: "signed-out", text: "" }
        : { kind: "unreachable", text: failureText(error) };
    }
  }

  // The text of what went wrong, or nothing.
  async signIn(login: string, password: string): Promise<string | undefined> {
    try {
      this.#accept((await this.#account.signIn({ login, password })).session);
      return undefined;
    } catch (error) {
      const code = ConnectError.from(error).code;
      if (code === Code.Unauthenticated) return say("session.refused");
      if (code === Code.ResourceExhausted) return say("session.too_many_attempts");
      return failureText(error);
    }
  }

  async signOut(): Promise<void> {
    try {
      await this.#account.signOut({});
      this.state = { kind: "signed-out", text: say("session.signed_out") };
    } catch (error) {
      if (ConnectError.from(error).code === Code.Unauthenticated) this.expired();
      else throw error;
    }
  }

  // The server no longer knows the cookie.
  expired(): void {
    if (this.state.kind === "signed-in") {
      this.state = { kind: "signed-out", text: say("session.ended") };
    }
  }

  #accept(session: Session | undefined): void {
    this.state = session ? { kind: "signed-in", session } : { kind: "signed-out", text: "" };
  }
}

export const maySeeBoard = (session: Session): boolean =>
  session.role === Role.SUPERVISOR || session.role === Role.OPERATOR;
