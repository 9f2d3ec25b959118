// SPDX-License-Identifier: Apache-2.0
// The programs that ship, as a test uses them: a server in a folder of its own on free ports,
// phones that do what a script says, all on one clock that stands at 08:20 on 23 November 2026 when
// the test begins.
import { execFile, type ChildProcess, spawn } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

import { pagesFolder, required } from "./browser";

const run = promisify(execFile);
const startedWithinMs = 30_000;

// shared/core/shared_clock.h: seven 64-bit numbers. The clock runs as fast as real time.
function writeClock(path: string, wallUnixMs: number): void {
  const fields = [
    0x314b434c43545344n,
    0n,
    BigInt(wallUnixMs),
    process.hrtime.bigint() / 1_000_000n,
    1_000_000n,
    BigInt(wallUnixMs - 3_600_000),
    1n,
  ];
  const bytes = Buffer.alloc(fields.length * 8);
  fields.forEach((value, index) => bytes.writeBigInt64LE(value, index * 8));
  writeFileSync(path, bytes);
}

// Of a clock that programs have mapped: its file keeps its length, and the boot goes on.
function moveMappedClock(path: string, wallUnixMs: number): void {
  const file = openSync(path, "r+");
  const bytes = Buffer.alloc(7 * 8);
  readSync(file, bytes, 0, bytes.length, 0);
  bytes.writeBigInt64LE(bytes.readBigInt64LE(8) + 2n, 8);
  bytes.writeBigInt64LE(BigInt(wallUnixMs), 2 * 8);
  bytes.writeBigInt64LE(process.hrtime.bigint() / 1_000_000n, 3 * 8);
  writeSync(file, bytes, 0, bytes.length, 0);
  closeSync(file);
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

export interface Rota {
  people: string[];
  carers: string[];
  visits: string[];
}

export class RealServer {
  readonly folder = mkdtempSync(join(tmpdir(), "doorstep-dashboard-"));
  address = "";
  #clock = join(this.folder, "clock");
  #startedUnixMs = 0;
  #directory = join(this.folder, "server");
  #serving: ChildProcess | undefined;
  #log = "";

  async start(wallUnixMs: number): Promise<void> {
    writeClock(this.#clock, wallUnixMs);
    this.#startedUnixMs = wallUnixMs;
    // A page that is open goes on with the same address when the server starts again.
    const [webPort, devicePort] = [await freePort(), await freePort()];
    this.address = `https://localhost:${webPort}`;
    await this.command(
      "init",
      "--host",
      "localhost",
      "--device-address",
      "127.0.0.1",
      "--device-port",
      String(devicePort),
      "--web-address",
      "127.0.0.1",
      "--web-port",
      String(webPort),
      "--dashboard",
      pagesFolder(),
    );
    await this.serve();
  }

  async serve(): Promise<void> {
    this.#serving = spawn(required("DOORSTEP_SERVER"), [...this.#global(), "serve"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#serving.stderr?.on("data", (text: Buffer) => (this.#log += text.toString()));
    const ports = join(this.#directory, "ports");
    for (
      const until = Date.now() + startedWithinMs;
      !existsSync(ports) || !/web \d+\n/.test(readFileSync(ports, "utf8"));
      await pause(20)
    ) {
      if (Date.now() > until || this.#serving.exitCode !== null)
        throw new Error(`the server did not start:\n${this.#log}`);
    }
  }

  // SIGKILL: what was acknowledged must be there when it serves again.
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
    rmSync(join(this.#directory, "ports"), { force: true });
  }

  async stop(): Promise<void> {
    await this.#end("SIGTERM");
    rmSync(this.folder, { recursive: true, force: true });
  }

  // Every program's: later than it shows.
  moveClock(wallUnixMs: number): void {
    moveMappedClock(this.#clock, wallUnixMs);
  }

  // Ends as an operator ends it; the folder stays.
  async rest(): Promise<void> {
    await this.#end("SIGTERM");
  }

  async command(...words: string[]): Promise<string> {
    return (await run(required("DOORSTEP_SERVER"), [...this.#global(), ...words])).stdout;
  }

  // Published two hours before the server starts: nobody is late by a plan of afterwards.
  async importRota(rota: Rota, provider: string, council: string): Promise<void> {
    const folder = join(this.folder, "rota");
    mkdirSync(folder, { recursive: true });
    const write = (name: string, header: string, rows: string[]) =>
      writeFileSync(join(folder, name), `${[header, ...rows].join("\n")}\n`);
    write("people.csv", "person_ref,name,latitude,longitude,lot", rota.people);
    write("carers.csv", "carer_ref,name,skills,shift_start,shift_end", rota.carers);
    write(
      "visits.csv",
      "visit_ref,person_ref,carer_slot,carers_required,carer_ref,service,window_start,window_end," +
        "duration_min,after_visit_ref,min_gap_min,max_gap_min",
      rota.visits,
    );
    const clock = join(this.folder, "import-clock");
    writeClock(clock, this.#startedUnixMs - 2 * 3_600_000);
    const words = ["import-rota", "--provider", provider, "--council", council, folder];
    const global = ["--directory", this.#directory, "--clock", clock];
    // A running server would import it by its own clock: after the visit.
    await this.#end("SIGTERM");
    await run(required("DOORSTEP_SERVER"), [...global, ...words]);
    await this.serve();
  }

  // The password of the new account.
  async createAccount(login: string, ...words: string[]): Promise<string> {
    const printed = await this.command("account", "create", login, ...words);
    return printed.trim().split(" ")[1]!;
  }

  async enrolPhone(carerRef: string): Promise<RealPhone> {
    const offer = JSON.parse(await this.command("enrol", "--carer", carerRef, "--json")) as {
      enrolment_text: string;
    };
    const phone = new RealPhone(join(this.folder, `phone-${carerRef}`), this.#clock);
    await phone.run("enrol", "--text", offer.enrolment_text);
    return phone;
  }

  async #end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    const serving = this.#serving;
    this.#serving = undefined;
    if (!serving || serving.exitCode !== null) return;
    const ended = new Promise((resolve) => serving.once("exit", resolve));
    serving.kill(signal);
    await ended;
  }

  #global(): string[] {
    return ["--directory", this.#directory, "--clock", this.#clock];
  }
}

export class RealPhone {
  #scripts = 0;

  constructor(
    private readonly folder: string,
    private readonly clock: string,
  ) {
    mkdirSync(folder, { recursive: true });
  }

  async run(...words: string[]): Promise<string> {
    const common = ["--dir", this.folder, "--clock", this.clock, "--scrypt-log-n", "10"];
    return (await run(required("DOORSTEP_PHONE"), [...common, ...words])).stdout;
  }

  exchange(): Promise<string> {
    return this.run("exchange", "--until-drained");
  }

  // Lines of tests/support/phone/phone_script.h, done at their times and sent.
  async live(...lines: string[]): Promise<string> {
    const script = join(this.folder, `script-${++this.#scripts}.csv`);
    writeFileSync(script, `${lines.join("\n")}\n`);
    return this.run("live", "--script", script);
  }
}
