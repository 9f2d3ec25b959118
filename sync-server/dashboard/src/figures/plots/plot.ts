// SPDX-License-Identifier: Apache-2.0
// The plots of figures. Each stands beside a table of the same figures.
import * as Plot from "@observablehq/plot";

import type { Shape } from "../map/outlines";

export interface TrendPoint {
  // In order; what is drawn below the axis.
  at: string;
  value: number;
  group: string;
}
export interface DrawnSpread {
  from: number;
  to: number;
  count: number;
}

export interface DrawnArea {
  // What is read aloud, and what is written into it; empty: no room.
  text: string;
  label: string;
  // On a plane, north upwards.
  shape: Shape;
  // A colour of the theme, 1 to 5. Undefined: no value.
  step: number | undefined;
  href: string;
}

// An inline style element is against the page's policy; PlotFrame.svelte holds the same rules. Plot
// names its parts in English; the table says what they say.
function finished(plot: Element): Element {
  for (const style of plot.querySelectorAll("style")) style.remove();
  plot.setAttribute("aria-hidden", "true");
  for (const part of plot.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
  return plot;
}

// One line with its points. No axis: the first and the last value stand beside it.
export function drawTrend(points: TrendPoint[], all: string[], width: number): Element {
  return finished(
    Plot.plot({
      width,
      height: 64,
      margin: 6,
      x: { axis: null, type: "point", domain: all },
      y: { axis: null, nice: true },
      marks: [
        Plot.lineY(points, { x: "at", y: "value", stroke: "var(--active)", strokeWidth: 2 }),
        Plot.dot(points, { x: "at", y: "value", fill: "var(--active)", r: 2.5 }),
      ],
    }),
  );
}

// Small multiples: one small plot a group, all on one scale.
export function drawMultiples(points: TrendPoint[], all: string[], width: number): Element {
  const groups = [...new Set(points.map((point) => point.group))];
  const columns = Math.max(1, Math.min(groups.length, Math.floor(width / 200)));
  const place = new Map(groups.map((group, index) => [group, index]));
  const row = (group: string) => Math.floor((place.get(group) ?? 0) / columns);
  const column = (group: string) => (place.get(group) ?? 0) % columns;
  const facet = {
    fx: (point: TrendPoint) => column(point.group),
    fy: (point: TrendPoint) => row(point.group),
  };
  return finished(
    Plot.plot({
      width,
      height: 110 * Math.ceil(groups.length / columns) + 30,
      marginLeft: 44,
      marginTop: 22,
      fx: { axis: null, padding: 0.08 },
      fy: { axis: null, padding: 0.25 },
      x: { axis: null, type: "point", domain: all },
      y: { grid: true, ticks: 3, label: null, nice: true },
      marks: [
        Plot.lineY(points, { ...facet, x: "at", y: "value", z: "group", stroke: "var(--active)" }),
        Plot.dot(points, { ...facet, x: "at", y: "value", fill: "var(--active)", r: 2 }),
        Plot.text(groups, {
          fx: column,
          fy: row,
          text: (group: string) => group,
          frameAnchor: "top-left",
          dy: -16,
        }),
      ],
    }),
  );
}

// Areas as links in their order, coloured by step; those without a value are dashed.
export function drawMap(areas: DrawnArea[], width: number, height: number): Element {
  const shapes = { type: "GeometryCollection", geometries: areas.map((area) => area.shape) };
  const drawn = {
    geometry: "shape",
    href: "href",
    title: "text",
    ariaLabel: "text",
    stroke: "var(--control)",
  };
  const plot = Plot.plot({
    width,
    height,
    margin: 6,
    projection: { type: "reflect-y", domain: shapes },
    color: { type: "identity" },
    marks: [
      Plot.geo(areas, {
        ...drawn,
        fill: (area: DrawnArea) =>
          area.step === undefined ? "var(--surface)" : `var(--step-${area.step})`,
        strokeWidth: 1.5,
      }),
      Plot.text(
        areas,
        Plot.centroid({
          geometry: "shape",
          text: "label",
          fill: "var(--text)",
          stroke: "var(--surface)",
          strokeWidth: 3,
          pointerEvents: "none",
        }),
      ),
    ],
  });
  finished(plot);
  plot.removeAttribute("aria-hidden");
  // Each link says its area by itself; what is written on the map says no more.
  for (const words of plot.querySelectorAll("text")) words.setAttribute("aria-hidden", "true");
  for (const [index, link] of [...plot.querySelectorAll("a")].entries()) {
    const area = areas[index];
    link.setAttribute("aria-label", area?.text ?? "");
    if (area?.step === undefined)
      link.querySelector("path")?.setAttribute("stroke-dasharray", "5 4");
  }
  return plot;
}

export function drawSpread(bins: DrawnSpread[], width: number): Element {
  return finished(
    Plot.plot({
      width,
      height: 220,
      marginLeft: 52,
      x: { label: null },
      y: { label: null, grid: true, ticks: 5 },
      marks: [
        Plot.rectY(bins, {
          x1: "from",
          x2: "to",
          y: "count",
          insetLeft: 0.5,
          insetRight: 0.5,
          fill: "var(--active)",
        }),
        Plot.ruleY([0], { stroke: "var(--control)" }),
      ],
    }),
  );
}

export interface DrawnStep {
  name: string;
  minutes: number;
}
export function drawSteps(steps: DrawnStep[], width: number): Element {
  return finished(
    Plot.plot({
      width,
      height: 44 * steps.length + 36,
      marginLeft: Math.min(150, width / 3),
      x: { label: null, grid: true, ticks: 4 },
      y: { label: null, domain: steps.map((step) => step.name) },
      marks: [
        Plot.barX(steps, { x: "minutes", y: "name", fill: "var(--active)" }),
        Plot.ruleX([0], { stroke: "var(--control)" }),
      ],
    }),
  );
}
