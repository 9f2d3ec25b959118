// SPDX-License-Identifier: Apache-2.0
// What the server says to one question. The answer before stays until the next one is here.
import { failureText, isCancelled } from "../../server/failure";

export class Answer<Message> {
  value = $state.raw<Message>();
  problem = $state("");
  busy = $state(true);

  // For an $effect: what it returns gives the question up.
  ask(call: (signal: AbortSignal) => Promise<Message>): () => void {
    const stop = new AbortController();
    this.busy = true;
    this.problem = "";
    call(stop.signal).then(
      (value) => {
        if (stop.signal.aborted) return;
        this.value = value;
        this.busy = false;
      },
      (error) => {
        if (stop.signal.aborted || isCancelled(error)) return;
        this.value = undefined;
        this.problem = failureText(error);
        this.busy = false;
      },
    );
    return () => stop.abort();
  }
}
