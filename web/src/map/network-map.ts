// The map of the network: Leaflet for moving about, one canvas for all stations, clusters where they would lie on each other.

import L from "leaflet";
import Supercluster from "supercluster";
import { Outlines, namesAt, type Colours, type Name } from "./outlines";

export interface Point {
  id: string;
  name: string;
  at: [latitude: number, longitude: number];
  colour: string;
  ink: string;
  /** What stands in the marker; nothing draws a plain dot. */
  text: string;
  value: number | null;
  /** Where the wind comes from, in degrees. */
  from: number | null;
  state: string;
}

export interface Look extends Colours {
  sea: string;
  name: string;
  halo: string;
  ring: string;
  states: Record<string, string>;
}

interface Sum {
  stations: number;
  sum: number;
  values: number;
  states: Record<string, number>;
}

interface Drawn {
  x: number;
  y: number;
  radius: number;
  point?: Point;
  cluster?: number;
  at: L.LatLng;
  label: string;
}

export interface Events {
  open: (id: string) => void;
  select: (id: string | undefined) => void;
  moved: (centre: [number, number], zoom: number, bounds: [number, number, number, number]) => void;
}

const LARGEST_GROUP_WITH_TEXT = 400; // markers in sight; beyond that texts are noise
const NAMES_FROM = 8; // zoom: from where on stations have their names
const TOUCH = 8; // pixels around a marker that still count as it

export class NetworkMap {
  private readonly map: L.Map;
  private readonly outlines: Outlines;
  private readonly stations: StationsLayer;
  private tiles: L.TileLayer | undefined;

  constructor(
    element: HTMLElement,
    look: Look,
    events: Events,
    view: { centre: [number, number]; zoom: number } | undefined,
    private readonly tileSource?: { url: string; attribution: string; dark?: string } | undefined,
  ) {
    const moves = !window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.map = L.map(element, { zoomAnimation: moves, fadeAnimation: moves, inertia: moves, zoomControl: false, worldCopyJump: true, minZoom: window.innerWidth > 700 ? 2 : 1, maxZoom: 16, attributionControl: false });
    L.control.attribution({ prefix: false, position: "bottomright" }).addTo(this.map);
    L.control.zoom({ position: "topright" }).addTo(this.map);
    this.outlines = new Outlines(look);
    this.stations = new StationsLayer(look);
    if (view) this.map.setView(view.centre, view.zoom);
    else this.map.setView([25, 0], 2);
    this.recolour(look, document.documentElement.dataset.theme === "dark");
    this.stations.addTo(this.map);

    const report = () => {
      const { lat, lng } = this.map.getCenter();
      const bounds = this.map.getBounds();
      events.moved([lat, lng], this.map.getZoom(), [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()]);
    };
    this.map.on("moveend", report);
    this.map.on("click", ({ containerPoint }) => {
      const hit = this.stations.hit(containerPoint);
      if (hit?.cluster !== undefined) this.map.flyTo(hit.at, this.stations.opensAt(hit.cluster), { animate: moves, duration: 0.5 });
      else events.select(hit?.point?.id);
    });
    this.map.on("dblclick", ({ containerPoint, originalEvent }) => {
      const hit = this.stations.hit(containerPoint);
      if (!hit?.point) return;
      originalEvent.preventDefault();
      events.open(hit.point.id);
    });
    const tip = L.tooltip({ direction: "top", offset: [0, -14], className: "map-tip", opacity: 1 });
    this.map.on("mousemove", ({ containerPoint }) => {
      const hit = this.stations.hit(containerPoint);
      element.classList.toggle("over-marker", Boolean(hit));
      if (!hit) return void tip.remove();
      const text = document.createElement("span");
      text.textContent = hit.label;
      tip.setContent(text).setLatLng(hit.at).addTo(this.map);
    });
    this.map.on("mouseout", () => tip.remove());
    new ResizeObserver(() => {
      if (element.isConnected) this.map.invalidateSize({ animate: false }); // or it was taken away: nobody moved the map
    }).observe(element);
    this.map.whenReady(report);
  }

  recolour(look: Look, dark: boolean): void {
    this.map.getContainer().style.background = look.sea;
    this.stations.recolour(look);
    const source = this.tileSource;
    if (source) {
      this.tiles?.remove();
      this.tiles = L.tileLayer(dark && source.dark ? source.dark : source.url, { attribution: source.attribution, maxZoom: 19 }).addTo(this.map);
      return;
    }
    this.outlines.recolour(look);
    if (!this.map.hasLayer(this.outlines)) this.outlines.addTo(this.map);
  }

  show(points: Point[], selected: string | undefined, summarise: (mean: number) => { colour: string; ink: string; text: string } | undefined): void {
    this.stations.show(points, selected, summarise);
  }

  fit(points: readonly Point[], padding: [number, number]): void {
    if (points.length) this.map.fitBounds(L.latLngBounds(points.map(({ at }) => at)), { maxZoom: 10, paddingTopLeft: padding, paddingBottomRight: [60, 110] });
  }

  remove(): void {
    this.map.remove();
  }
}

/** Leaflet's own canvas renderer keeps a canvas in place while the map moves; what is on it is ours. */
class StationsLayer extends L.Renderer {
  private index = new Supercluster<Point, Sum>().load([]);
  private points: Point[] = [];
  private names: Name[] = [];
  private drawn: Drawn[] = [];
  private selected: string | undefined;
  private summarise: (mean: number) => { colour: string; ink: string; text: string } | undefined = () => undefined;

  constructor(private look: Look) {
    super({ padding: 0.25, pane: "markerPane" });
  }

  recolour(look: Look): void {
    this.look = look;
    if (this._map) this._update();
  }

  show(points: Point[], selected: string | undefined, summarise: typeof this.summarise): void {
    this.summarise = summarise;
    this.selected = selected;
    if (points !== this.points) {
      this.points = points;
      this.index = new Supercluster<Point, Sum>({
        radius: 52, // so that discs seldom lie over each other
        extent: 256, // of Leaflet's tiles: the radius is in pixels
        maxZoom: 11,
        minPoints: 3,
        map: ({ value, state }) => ({ stations: 1, sum: value ?? 0, values: value === null ? 0 : 1, states: { [state]: 1 } }),
        reduce: (into, more) => {
          into.stations += more.stations;
          into.sum += more.sum;
          into.values += more.values;
          const states = { ...into.states };
          for (const [state, count] of Object.entries(more.states)) states[state] = (states[state] ?? 0) + count;
          into.states = states;
        },
      });
      this.index.load(points.map((point) => ({ type: "Feature", properties: point, geometry: { type: "Point", coordinates: [point.at[1], point.at[0]] } })));
    }
    if (this._map) this._update();
  }

  opensAt(cluster: number): number {
    return Math.min(this.index.getClusterExpansionZoom(cluster), 14);
  }

  hit(at: L.Point): Drawn | undefined {
    let best: Drawn | undefined;
    let least = Infinity;
    const origin = this._map.containerPointToLayerPoint(at);
    for (const each of this.drawn) {
      const distance = Math.hypot(each.x - origin.x, each.y - origin.y) - each.radius;
      if (distance < TOUCH && distance < least) [best, least] = [each, distance];
    }
    return best;
  }

  // ---- what Leaflet calls ----

  _initContainer(): void {
    this._container = document.createElement("canvas");
    this._container.className = "stations";
  }

  _destroyContainer(): void {
    this._container?.remove();
  }

  _updatePaths(): void {
    // there are none: everything is drawn in one go
  }

  _onZoomEnd(): void {
    void namesAt(Math.round(this._map.getZoom())).then((names) => {
      if (names === this.names || !this._map) return;
      this.names = names;
      this._update();
    }, () => undefined); // without names the map is still a map
  }

  override onAdd(map: L.Map): this {
    super.onAdd(map);
    this._onZoomEnd();
    return this;
  }

  override _update(): void {
    if (this._map._animatingZoom && this._bounds) return;
    super._update();
    const bounds = this._bounds!;
    const canvas = this._container as HTMLCanvasElement;
    const size = bounds.getSize();
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    L.DomUtil.setPosition(canvas, bounds.min!);
    canvas.width = size.x * ratio;
    canvas.height = size.y * ratio;
    canvas.style.width = `${size.x}px`;
    canvas.style.height = `${size.y}px`;
    const context = canvas.getContext("2d")!;
    context.scale(ratio, ratio);
    context.translate(-bounds.min!.x, -bounds.min!.y);
    this.paint(context, bounds);
  }

  private paint(context: CanvasRenderingContext2D, bounds: L.Bounds): void {
    const zoom = Math.round(this._map.getZoom());
    const [northWest, southEast] = [this._map.layerPointToLatLng(bounds.min!), this._map.layerPointToLatLng(bounds.max!)];
    context.textAlign = "center";
    context.textBaseline = "middle";
    this.paintNames(context, bounds, zoom);
    const found = this.index.getClusters([northWest.lng, southEast.lat, southEast.lng, northWest.lat], zoom);
    const plain = found.length > LARGEST_GROUP_WITH_TEXT;
    this.drawn = [];
    // A box over the date line: what lies on this side of it is drawn where the map is
    const centre = this._map.getCenter().lng;
    for (const { id, properties, geometry } of found) {
      const [longitude = 0, latitude = 0] = geometry.coordinates;
      const at = L.latLng(latitude, longitude + Math.round((centre - longitude) / 360) * 360);
      const { x, y } = this._map.latLngToLayerPoint(at);
      if ("cluster" in properties) this.paintCluster(context, x, y, at, id as number, properties as unknown as Sum);
      else this.paintStation(context, x, y, at, properties as Point, plain);
    }
    if (!plain && this._map.getZoom() >= NAMES_FROM) this.paintLabels(context);
    const chosen = this.selected === undefined ? undefined : this.drawn.find(({ point }) => point?.id === this.selected);
    if (chosen) this.paintStation(context, chosen.x, chosen.y, chosen.at, chosen.point!, plain, true);
  }

  private paintNames(context: CanvasRenderingContext2D, bounds: L.Bounds, zoom: number): void {
    const taken: L.Bounds[] = [];
    context.lineJoin = "round";
    for (const { text, at, span, minor } of [...this.names].sort((a, b) => b.span - a.span)) {
      if (minor && zoom < 4) continue;
      const point = this._map.latLngToLayerPoint(at);
      if (!bounds.contains(point)) continue;
      context.font = minor ? "500 11px system-ui, sans-serif" : "600 12px system-ui, sans-serif";
      const width = context.measureText(text).width;
      if (width > (span / 360) * 256 * 2 ** zoom) continue;
      const box = L.bounds([point.x - width / 2 - 6, point.y - 9], [point.x + width / 2 + 6, point.y + 9]);
      if (taken.some((other) => other.intersects(box))) continue;
      taken.push(box);
      context.strokeStyle = this.look.land;
      context.lineWidth = 3;
      context.strokeText(text, point.x, point.y);
      context.fillStyle = this.look.name;
      context.fillText(text, point.x, point.y);
    }
  }

  private paintCluster(context: CanvasRenderingContext2D, x: number, y: number, at: L.LatLng, id: number, sum: Sum): void {
    const summary = sum.values ? this.summarise(sum.sum / sum.values) : undefined;
    const radius = 17 + Math.min(11, 1.3 * Math.log2(sum.stations));
    // The ring says what state the stations are in, each state its share
    let angle = -Math.PI / 2;
    for (const [state, count] of Object.entries(sum.states).sort()) {
      const end = angle + (2 * Math.PI * count) / sum.stations;
      context.beginPath();
      context.arc(x, y, radius, angle, end);
      context.strokeStyle = this.look.states[state] ?? this.look.ring;
      context.lineWidth = 4;
      context.stroke();
      angle = end;
    }
    context.beginPath();
    context.arc(x, y, radius - 2, 0, 2 * Math.PI);
    context.fillStyle = summary?.colour ?? this.look.halo;
    context.fill();
    context.fillStyle = summary?.ink ?? this.look.name;
    const count = sum.stations < 1000 ? String(sum.stations) : `${(sum.stations / 1000).toFixed(sum.stations < 10_000 ? 1 : 0)}k`;
    context.font = `600 ${summary?.text ? 12 : 13}px system-ui, sans-serif`;
    if (summary?.text) {
      context.fillText(summary.text, x, y - 5);
      context.font = "500 10px system-ui, sans-serif";
      context.fillText(count, x, y + 8);
    } else context.fillText(count, x, y);
    const states = Object.entries(sum.states).sort(([, a], [, b]) => b - a).map(([state, each]) => `${each.toLocaleString("en")} ${state}`);
    const label = `${sum.stations.toLocaleString("en")} stations${summary?.text ? `, ${summary.text} on average` : ""}: ${states.join(", ").replace("unheard", "not heard yet")}`;
    this.drawn.push({ x, y, radius, cluster: id, at, label });
  }

  /** The stations' names, where they cover no other station. */
  private paintLabels(context: CanvasRenderingContext2D): void {
    context.font = "500 11px system-ui, sans-serif";
    context.strokeStyle = this.look.land;
    context.fillStyle = this.look.name;
    context.lineWidth = 3;
    const taken = this.drawn.map(({ x, y, radius, cluster }) => {
      const half = cluster === undefined ? 11 : radius;
      return L.bounds([x - radius, y - half], [x + radius, y + half]);
    });
    this.drawn.forEach(({ point, x, y }, own) => {
      if (!point) return;
      const name = point.name || point.id;
      const short = name.length > 36 ? `${name.slice(0, 35)}…` : name;
      const below = y + (point.text ? 11 : 6) + (point.from === null ? 10 : 22); // the wind's arrow may stand there
      const width = context.measureText(short).width;
      const box = L.bounds([x - width / 2, below - 6], [x + width / 2, below + 6]);
      if (taken.some((other, i) => i !== own && other.overlaps(box))) return;
      taken.push(box);
      context.strokeText(short, x, below);
      context.fillText(short, x, below);
    });
  }

  private paintStation(context: CanvasRenderingContext2D, x: number, y: number, at: L.LatLng, point: Point, plain: boolean, chosen = false): void {
    const text = plain ? "" : point.text;
    context.font = "600 12px system-ui, sans-serif";
    const width = text ? Math.max(26, context.measureText(text).width + 14) : 12;
    const height = text ? 22 : 12;
    if (point.from !== null && !plain) {
      // An arrow that flies with the wind: from where it comes to where it goes
      const towards = ((point.from + 180) * Math.PI) / 180;
      const [ux, uy] = [Math.sin(towards), -Math.cos(towards)];
      const reach = Math.min(width / 2 / Math.max(Math.abs(ux), 0.01), height / 2 / Math.max(Math.abs(uy), 0.01));
      const tip = reach + 14;
      context.beginPath();
      context.moveTo(x + ux * tip, y + uy * tip);
      context.lineTo(x + ux * (reach - 1) - uy * 7, y + uy * (reach - 1) + ux * 7);
      context.lineTo(x + ux * (reach - 1) + uy * 7, y + uy * (reach - 1) - ux * 7);
      context.closePath();
      context.fillStyle = this.look.states[point.state] ?? this.look.ring;
      context.fill();
    }
    context.beginPath();
    if (text || point.colour !== this.look.states[point.state]) context.roundRect(x - width / 2, y - height / 2, width, height, height / 2);
    else outline(context, x, y, point.state);
    context.fillStyle = point.colour;
    context.shadowColor = "rgb(0 0 0 / 30%)";
    context.shadowBlur = 4;
    context.shadowOffsetY = 1;
    context.fill();
    context.shadowColor = "transparent";
    context.lineWidth = chosen ? 3.5 : 2;
    if (!text && point.state === "silent" && point.colour === this.look.states.silent) {
      context.fillStyle = this.look.halo; // a ring, as in the legend
      context.fill();
      context.lineWidth = 3.5;
    }
    context.strokeStyle = chosen ? this.look.name : (this.look.states[point.state] ?? this.look.ring);
    context.stroke();
    if (text) {
      context.fillStyle = point.ink;
      context.fillText(text, x, y + 0.5);
    }
    if (!chosen) this.drawn.push({ x, y, radius: Math.max(width, height) / 2, point, at, label: `${point.name || point.id}${point.text ? `: ${point.text}` : ""}` });
  }
}

/** The legend's shapes, so that no state is told by its colour alone. */
function outline(context: CanvasRenderingContext2D, x: number, y: number, state: string): void {
  if (state === "late") context.roundRect(x - 5.5, y - 5.5, 11, 11, 1.5);
  else if (state === "suspect") {
    context.moveTo(x, y - 8);
    context.lineTo(x + 8, y);
    context.lineTo(x, y + 8);
    context.lineTo(x - 8, y);
    context.closePath();
  } else context.arc(x, y, 6, 0, 2 * Math.PI);
}
