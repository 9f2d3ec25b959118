// SPDX-License-Identifier: Apache-2.0
// Outlines of lots and patches as commissioning keeps them (GeoJSON, RFC 7946), and as they are
// drawn: on a plane, since a contract's area is small. Pure.
import type { CommissionedRow } from "@contract/doorstep/admin/v1/commissioning_service_pb";

// Across, and down from the north, in degrees of latitude.
export type Point = [number, number];
export interface Shape {
  type: "MultiPolygon";
  coordinates: Point[][][];
}

export interface Patch {
  name: string;
  outline: Shape | undefined;
}
export interface Lot {
  name: string;
  outline: Shape | undefined;
  patches: Patch[];
}

const isPoint = (value: unknown): value is [number, number] =>
  Array.isArray(value) && Number.isFinite(value[0]) && Number.isFinite(value[1]);
const isRing = (value: unknown): value is Point[] =>
  Array.isArray(value) && value.length >= 4 && value.every(isPoint);
const isPolygon = (value: unknown): value is Point[][] =>
  Array.isArray(value) && value.length > 0 && value.every(isRing);

// Longitude and latitude in degrees. Undefined: none, or none that can be drawn; the server checks
// outlines when it takes them.
export function readOutline(text: string): Shape | undefined {
  if (text === "") return undefined;
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof read !== "object" || read === null) return undefined;
  const { type, coordinates } = read as { type?: unknown; coordinates?: unknown };
  const polygons = type === "Polygon" ? [coordinates] : type === "MultiPolygon" ? coordinates : [];
  if (!Array.isArray(polygons) || polygons.length === 0 || !polygons.every(isPolygon))
    return undefined;
  return { type: "MultiPolygon", coordinates: polygons };
}

const holdsOn = (row: CommissionedRow, day: string): boolean =>
  row.fromDay <= day && (row.untilDay === "" || row.untilDay >= day);

// The lots of a day, by name. Rows of one provider are dated; of several that share a lot, the
// first that says an outline draws it.
export function lotsOn(rows: CommissionedRow[][], day: string): Lot[] {
  const lots = new Map<string, Lot>();
  for (const ofProvider of rows) {
    const newest = new Map<string, CommissionedRow>();
    for (const row of ofProvider) {
      const other = newest.get(row.name);
      if (holdsOn(row, day) && (!other || other.fromDay < row.fromDay)) newest.set(row.name, row);
    }
    for (const { name, content } of newest.values()) {
      if (content.case !== "lot") continue;
      const lot = lots.get(name) ?? { name, outline: undefined, patches: [] };
      lots.set(name, lot);
      lot.outline ??= readOutline(content.value.outlineGeojson);
      for (const patch of content.value.patches) {
        const outline = readOutline(patch.outlineGeojson);
        const known = lot.patches.find((each) => each.name === patch.name);
        if (known) known.outline ??= outline;
        else lot.patches.push({ name: patch.name, outline });
      }
    }
  }
  return [...lots.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

export const pointsOf = (shape: Shape): number =>
  shape.coordinates.flat().reduce((sum, ring) => sum + ring.length, 0);

export interface Box {
  west: number;
  east: number;
  north: number;
  south: number;
}
export function boxOf(shapes: Shape[]): Box {
  const box = { west: Infinity, east: -Infinity, north: -Infinity, south: Infinity };
  for (const shape of shapes)
    for (const [x, y] of shape.coordinates.flat(2)) {
      box.west = Math.min(box.west, x);
      box.east = Math.max(box.east, x);
      box.north = Math.max(box.north, y);
      box.south = Math.min(box.south, y);
    }
  return box;
}

// Equirectangular about the middle latitude of all: over a county, distances are right to a part in
// a hundred.
export function onPlane(shapes: Shape[]): Shape[] {
  const { north, south } = boxOf(shapes);
  const across = Math.cos((((north + south) / 2) * Math.PI) / 180);
  return shapes.map(({ type, coordinates }) => ({
    type,
    coordinates: coordinates.map((polygon) =>
      polygon.map((ring) => ring.map(([x, y]): Point => [x * across, y])),
    ),
  }));
}
