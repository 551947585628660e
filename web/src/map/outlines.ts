// The base map that needs no server: outlines from Natural Earth, sliced into tiles in the browser and drawn on canvases.

import type { Feature, FeatureCollection, Geometry, MultiLineString, Polygon, Position } from "geojson";
import GeoJSONVT from "geojson-vt";
import L from "leaflet";
import { feature, mesh } from "topojson-client";
import coarse from "asset:world-atlas/countries-110m.json";
import fine from "asset:world-atlas/countries-10m.json";
import medium from "asset:world-atlas/countries-50m.json";
import states from "asset:us-atlas/states-10m.json";

type Sliced = GeoJSONVT;

interface Level {
  from: number; // zoom
  land: string;
  inner?: string;
}

// Each detail is fetched once it can be seen
const LEVELS: Level[] = [
  { from: 0, land: coarse },
  { from: 3, land: medium, inner: states },
  { from: 6, land: fine, inner: states },
];
const EXTENT = 4096;
const OPTIONS = { maxZoom: 14, indexMaxZoom: 5, tolerance: 3, extent: EXTENT, buffer: 64 };

interface Sheet {
  land: Sliced;
  borders: Sliced;
  inner?: Sliced;
  names: Name[];
}

/** A name stands where its largest piece has its middle, as long as the piece is large enough to carry it. */
export interface Name {
  text: string;
  at: L.LatLng;
  span: number; // degrees of longitude
  minor: boolean;
}

export interface Colours {
  land: string;
  coast: string;
  border: string;
  grid: string;
}

// topojson's types know no names of the objects in a file
/* eslint-disable @typescript-eslint/no-explicit-any */
async function topology(address: string): Promise<any> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

const sheets = new Map<Level, Promise<Sheet>>();

function sheetOf(level: Level): Promise<Sheet> {
  let found = sheets.get(level);
  if (!found) {
    found = load(level);
    found.catch(() => sheets.delete(level)); // the next tile tries again
    sheets.set(level, found);
  }
  return found;
}

async function load(level: Level): Promise<Sheet> {
  const [world, inner] = await Promise.all([topology(level.land), level.inner ? topology(level.inner) : undefined]);
  const countries = unbroken(feature(world, world.objects.countries) as unknown as FeatureCollection);
  const names = countries.features.flatMap((each) => nameOf(each, false));
  const sheet: Sheet = {
    land: new GeoJSONVT(unbroken(feature(world, world.objects.land) as unknown as FeatureCollection), OPTIONS),
    borders: new GeoJSONVT(line(mesh(world, world.objects.countries, (a, b) => a !== b)), OPTIONS),
    names,
  };
  if (inner) {
    sheet.inner = new GeoJSONVT(line(mesh(inner, inner.objects.states, (a, b) => a !== b)), OPTIONS);
    names.push(...(feature(inner, inner.objects.states) as unknown as FeatureCollection).features.flatMap((each) => nameOf(each, true)));
  }
  return sheet;
}

function line({ coordinates }: MultiLineString): Feature {
  return { type: "Feature", properties: {}, geometry: { type: "MultiLineString", coordinates: coordinates.map((points) => straight(points)[0]) } };
}

/** What crosses 180° goes on beyond it, instead of jumping to the other side of the map; slicing brings it round again. */
function unbroken({ features, ...rest }: FeatureCollection): FeatureCollection {
  return {
    ...rest,
    features: features.map((each) => {
      const { geometry } = each;
      if (geometry?.type === "Polygon") return { ...each, geometry: { ...geometry, coordinates: geometry.coordinates.map(closed) } };
      if (geometry?.type === "MultiPolygon") return { ...each, geometry: { ...geometry, coordinates: geometry.coordinates.map((rings) => rings.map(closed)) } };
      return each;
    }),
  };
}

/** The points without jumps, and how far round the earth they have come at their end, in degrees. */
function straight(points: Position[]): [points: Position[], turned: number] {
  let turned = 0;
  const found = points.map(([longitude = 0, latitude = 0], i) => {
    const step = longitude - (points[i - 1]?.[0] ?? longitude);
    if (Math.abs(step) > 180) turned -= Math.sign(step) * 360;
    return [longitude + turned, latitude];
  });
  return [found, turned];
}

/** A ring that goes round a pole has it as its edge. */
function closed(ring: Position[]): Position[] {
  const [points, turned] = straight(ring);
  if (!turned || !points.length) return points;
  const pole = Math.sign(points[0]![1]!) * 90;
  return [...points, [points.at(-1)![0]!, pole], [points[0]![0]!, pole], points[0]!];
}

function nameOf({ geometry, properties }: Feature<Geometry | null>, minor: boolean): Name[] {
  const text = (properties as { name?: string } | null)?.name;
  const pieces = geometry?.type === "MultiPolygon" ? geometry.coordinates : geometry?.type === "Polygon" ? [geometry.coordinates] : [];
  let best: { ring: Polygon["coordinates"][number]; area: number } | undefined;
  for (const [ring] of pieces) {
    if (!ring) continue;
    const area = Math.abs(areaOf(ring));
    if (!best || area > best.area) best = { ring, area };
  }
  if (!text || !best) return [];
  const { ring } = best;
  let [x, y, twice] = [0, 0, 0];
  for (let i = 0; i < ring.length - 1; i++) {
    const [[ax = 0, ay = 0], [bx = 0, by = 0]] = [ring[i]!, ring[i + 1]!];
    const cross = ax * by - bx * ay;
    twice += cross;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  if (!twice) return [];
  const longitudes = ring.map(([longitude = 0]) => longitude);
  const span = Math.max(...longitudes) - Math.min(...longitudes);
  return [{ text, at: L.latLng(y / (3 * twice), x / (3 * twice)).wrap(), span, minor }];
}

function areaOf(ring: Polygon["coordinates"][number]): number {
  let twice = 0;
  for (let i = 0; i < ring.length - 1; i++) {
    const [[ax = 0, ay = 0], [bx = 0, by = 0]] = [ring[i]!, ring[i + 1]!];
    twice += ax * by - bx * ay;
  }
  return twice / 2;
}

function levelAt(zoom: number): Level {
  return LEVELS.findLast(({ from }) => zoom >= from)!;
}

export async function namesAt(zoom: number): Promise<Name[]> {
  return (await sheetOf(levelAt(zoom))).names;
}

export class Outlines extends L.GridLayer {
  constructor(private colours: Colours) {
    super({ tileSize: 512, attribution: "Outlines: Natural Earth", updateWhenZooming: false, keepBuffer: 3 });
  }

  recolour(colours: Colours): void {
    this.colours = colours;
    this.redraw();
  }

  protected override createTile(coords: L.Coords, done: L.DoneCallback): HTMLElement {
    const canvas = document.createElement("canvas");
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    canvas.width = canvas.height = 512 * ratio;
    // Tiles of 512 are those of the zoom before, twice as large; detail follows what can be seen
    const zoom = coords.z - 1;
    const level = levelAt(coords.z);
    const paint = (sheet: Sheet) => this.paint(canvas, sheet, zoom, coords.x, coords.y, ratio);
    sheetOf(level).then(
      (sheet) => {
        paint(sheet);
        done(undefined, canvas);
      },
      (error: Error) => {
        done(error, canvas);
      },
    );
    return canvas;
  }

  private paint(canvas: HTMLCanvasElement, sheet: Sheet, zoom: number, x: number, y: number, ratio: number): void {
    const context = canvas.getContext("2d")!;
    // Zoom 0 in tiles of 512 would be zoom −1: the whole world on a quarter of a tile
    const deeper = Math.max(zoom, 0);
    const scale = (512 * ratio * (zoom < 0 ? 0.5 : 1)) / EXTENT;
    const columns = 2 ** deeper;
    const tile = [((x % columns) + columns) % columns, y] as const;
    const draw = (sliced: Sliced, then: () => void) => {
      const found = sliced.getTile(deeper, ...tile);
      if (!found) return;
      context.beginPath();
      for (const { type, geometry } of found.features) {
        if (type === 1) continue;
        for (const ring of geometry as [number, number][][]) {
          ring.forEach(([px, py], i) => context[i ? "lineTo" : "moveTo"](px * scale, py * scale));
        }
      }
      then();
    };
    context.lineJoin = "round";
    draw(sheet.land, () => {
      context.fillStyle = this.colours.land;
      context.fill("evenodd");
    });
    // The coast is the land's edge; drawn by clipping, the cut along the tile's own edge is not
    draw(sheet.land, () => {
      context.save();
      context.strokeStyle = this.colours.coast;
      context.lineWidth = ratio;
      context.stroke();
      context.restore();
    });
    if (sheet.inner) {
      draw(sheet.inner, () => {
        context.strokeStyle = this.colours.grid;
        context.lineWidth = ratio;
        context.stroke();
      });
    }
    draw(sheet.borders, () => {
      context.strokeStyle = this.colours.border;
      context.lineWidth = 1.2 * ratio;
      context.stroke();
    });
  }
}
