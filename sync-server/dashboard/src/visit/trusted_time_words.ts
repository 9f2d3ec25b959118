// SPDX-License-Identifier: Apache-2.0
// What is known of the true time of an event, in words. Device time and server time never mix.
import { TimeClass, type TrustedTime } from "@contract/doorstep/monitoring/v1/board_service_pb";

const seconds = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 1 });

// Half the width of the interval, "0.4 s" or "12 min".
export function halfWidthText(time: TrustedTime): string {
  const half = Number(time.latestUnixMs - time.earliestUnixMs) / 2_000;
  return half < 90 ? `${seconds.format(half)} s` : `${seconds.format(half / 60)} min`;
}

// wallUnixMs: the device's clock, which the words compare with the interval.
export function trustText(time: TrustedTime | undefined, wallUnixMs: bigint): string {
  switch (time?.timeClass) {
    case TimeClass.ANCHORED: {
      const inside = wallUnixMs >= time.earliestUnixMs && wallUnixMs <= time.latestUnixMs;
      const offMs = inside
        ? 0
        : Number(
            wallUnixMs < time.earliestUnixMs
              ? time.earliestUnixMs - wallUnixMs
              : wallUnixMs - time.latestUnixMs,
          );
      const known = `known to ± ${halfWidthText(time)}`;
      return inside
        ? `${known}, the phone’s clock agrees`
        : `${known}, the phone’s clock was ${seconds.format(offMs / 1_000)} s off`;
    }
    case TimeClass.BRACKETED:
      return "bracketed by other contacts of the phone";
    case TimeClass.WALL_CLOCK:
      return "phone’s clock only, not confirmed";
    default:
      return "not known how well";
  }
}
