// SPDX-License-Identifier: Apache-2.0
import * as Plot from "@observablehq/plot";

import { say } from "../words/say";
import type { DrawnBin } from "./lateness_bins";

export function drawLateness(bins: DrawnBin[], width: number): Element {
  const plot = Plot.plot({
    width,
    height: 260,
    marginLeft: 52,
    marginBottom: 42,
    x: { label: say("lateness.axis_minutes"), labelAnchor: "center" },
    y: { label: say("lateness.axis_starts"), grid: true, ticks: 5 },
    marks: [
      Plot.rectY(bins, {
        x1: "from",
        x2: "to",
        y: "count",
        insetLeft: 0.5,
        insetRight: 0.5,
        fill: (bin: DrawnBin) => (bin.from >= 0 ? "var(--alarm-strong)" : "var(--active)"),
      }),
      Plot.ruleX([0], { stroke: "var(--text)", strokeDasharray: "4 3" }),
      Plot.ruleY([0], { stroke: "var(--control)" }),
    ],
  });
  // An inline style element is against the page's policy; LatenessPlot.svelte holds the same rules.
  for (const style of plot.querySelectorAll("style")) style.remove();
  plot.setAttribute("aria-hidden", "true");
  // Plot names its parts in English; the table says what they say.
  for (const part of plot.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
  return plot;
}
