// SPDX-License-Identifier: Apache-2.0
import type { LatenessBin } from "@contract/doorstep/records/v1/records_service_pb";

import { say } from "../words/say";

// A border this far away, in minutes, means "and beyond".
const openMin = 100_000;

export interface DrawnBin {
  from: number;
  to: number;
  count: number;
  text: string;
}

// "under -60", "-5 to 0", "60 or more": to is exclusive.
export function binText(bin: LatenessBin): string {
  if (bin.fromMin <= -openMin) return say("lateness.under", { to: bin.toMin });
  if (bin.toMin >= openMin) return say("lateness.or_more", { from: bin.fromMin });
  return say("lateness.between", { from: bin.fromMin, to: bin.toMin });
}

// Open bins are drawn as wide as the narrowest other one.
export function drawnBins(bins: LatenessBin[]): DrawnBin[] {
  const widths = bins.map((bin) => bin.toMin - bin.fromMin).filter((width) => width < openMin);
  const width = widths.length > 0 ? Math.min(...widths) : 5;
  return bins.map((bin) => ({
    from: bin.fromMin <= -openMin ? bin.toMin - width : bin.fromMin,
    to: bin.toMin >= openMin ? bin.fromMin + width : bin.toMin,
    count: Number(bin.count),
    text: binText(bin),
  }));
}
