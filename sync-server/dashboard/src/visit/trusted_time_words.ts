// SPDX-License-Identifier: Apache-2.0
// What is known of the true time of an event, in words. Device time and server time never mix.
import { TimeClass, type TrustedTime } from "@contract/doorstep/monitoring/v1/board_service_pb";

import { locale, say } from "../words/say";

const decimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });

// Half the width of the interval, "0.4 s" or "12 min".
export function halfWidthText(time: TrustedTime): string {
  const half = Number(time.latestUnixMs - time.earliestUnixMs) / 2_000;
  return half < 90
    ? say("trust.seconds", { seconds: decimal.format(half) })
    : say("trust.minutes", { minutes: decimal.format(half / 60) });
}

// wallUnixMs: the device's clock, which the words compare with the interval.
export function trustText(time: TrustedTime | undefined, wallUnixMs: bigint): string {
  switch (time?.timeClass) {
    case TimeClass.ANCHORED: {
      const width = halfWidthText(time);
      if (wallUnixMs >= time.earliestUnixMs && wallUnixMs <= time.latestUnixMs)
        return say("trust.agrees", { width });
      const offMs = Number(
        wallUnixMs < time.earliestUnixMs
          ? time.earliestUnixMs - wallUnixMs
          : wallUnixMs - time.latestUnixMs,
      );
      return say("trust.off", { width, seconds: decimal.format(offMs / 1_000) });
    }
    case TimeClass.BRACKETED:
      return say("trust.bracketed");
    case TimeClass.WALL_CLOCK:
      return say("trust.wall_clock");
    default:
      return say("trust.unknown");
  }
}
