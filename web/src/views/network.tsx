// The network on a map: where each station is, what it says, and whether it still speaks.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useAnswer, type Config, settings } from "../api";
import { count } from "../amounts";
import type { Events, Look, NetworkMap, Point } from "../map/network-map";
import { change, go, place } from "../location";
import { STATES, STATE_NAMES, type History, type Latest, type State } from "../network";
import { sound } from "../observations";
import { FLAGS, format, metres, scale, shown, title, type Scale } from "../quantities";
import { dark } from "../settings";
import { Empty, Failed, Loading, useUseful } from "../states";
import { DAY, age, clock, day, iso, moment, zoneLabel } from "../times";

const FRESH_S = 60;
const HEALTH = "health";
const IN_THE_LIST = 100;
const PREFERRED = ["air_temperature", "wind_speed", "precipitation_amount"];

export function NetworkView() {
  const { query } = place.value;
  const asked = query.show ?? "";
  // Which parameters there are comes with the answer; until then the usual one is worth asking for
  const wanted = asked === HEALTH ? "" : asked || "air_temperature";
  const latest = useAnswer<Latest>("/network/latest", { parameter: wanted, datetime: query.at ?? "" }, FRESH_S);
  const { value, failure } = latest;
  useUseful(value !== undefined);
  const view = asked === HEALTH || (!asked && value && !value.parameter) ? HEALTH : value?.parameter?.id ?? wanted;

  if (!value && failure) return <div class="page"><h1>Map</h1><Failed failure={failure} again={latest.again} />{failure.status === 400 && <p><a href="/">Show the map of what there is</a></p>}</div>;
  return (
    <div class="network">
      <h1 class="unseen">Map of the network</h1>
      {value ? <Board latest={value} view={view} /> : <div class="map"><Loading what="the network" /></div>}
      {failure && value && <div class="notice"><Failed failure={failure} again={latest.again} /></div>}
    </div>
  );
}

function Board({ latest, view }: { latest: Latest; view: string }) {
  const { query } = place.value;
  const health = view === HEALTH;
  const reference = new Date(latest.time).getTime();
  const hour = query.hour === undefined ? undefined : Number(query.hour);
  const newest = latest.newest ? new Date(latest.newest).getTime() : undefined;
  // The day that the slider goes over ends with what is newest
  const dayEnd = newest === undefined ? undefined : Math.min(reference, newest);
  const past = hour !== undefined && !health && dayEnd !== undefined;
  const [bounds, setBounds] = useState<string>();
  const history = useAnswer<History>(past || query.play ? "/network/history" : undefined, {
    parameter: latest.parameter?.id ?? "",
    datetime: dayEnd === undefined ? "" : `${iso(dayEnd - DAY + 1000)}/${iso(dayEnd)}`,
    bbox: latest.count > MOST_WITHOUT_BOX ? (bounds ?? "") : "",
  });
  const shownHour = past && history.value ? Math.min(hour, history.value.time.length - 1) : undefined;

  const values = useMemo(() => {
    if (health) return undefined;
    if (shownHour === undefined || !history.value) return latest.stations.value;
    const at = new Map(history.value.stations.id.map((id, i) => [id, history.value!.stations.values[i]![shownHour] ?? null]));
    return latest.stations.id.map((id) => at.get(id) ?? null);
  }, [latest, health, history.value, shownHour]);
  const colours = useMemo(
    () => (latest.parameter && values ? scale(latest.parameter.standard_name, latest.parameter.unit, [...sound({ values, quality: quality(latest) }), ...(history.value?.stations.values.flat() ?? [])]) : undefined),
    [latest, values, history.value],
  );

  const selected = latest.stations.id.indexOf(query.station ?? "");
  return (
    <>
      <MapCanvas latest={latest} values={values} colours={colours} health={health} past={shownHour !== undefined} selected={query.station} onBounds={setBounds} />
      {selected >= 0 && <Selected latest={latest} at={selected} value={values?.[selected]} />}
      {!health && latest.parameter && dayEnd !== undefined && (
        <Slider hour={hour} times={history.value?.time} end={dayEnd} loading={past && history.loading} failed={history.failure?.title} partial={history.value ? !history.value.complete : false} />
      )}
      <div class="side">
        <section class="card look" aria-label="What the map shows">
          <Chooser latest={latest} view={view} />
          {health || !latest.parameter || !colours ? <States latest={latest} /> : <Legend scale={colours} parameter={latest.parameter} />}
          <Freshness latest={latest} />
        </section>
        <StationList latest={latest} values={values} health={health} bounds={bounds} />
      </div>
      {!latest.count && (
        <div class="card welcome">
          <Empty title="No stations yet">
            <p>
              Upload a list of stations (identifier, latitude, longitude) or any file of observations in <a href="/files">Files</a>.
            </p>
          </Empty>
        </div>
      )}
    </>
  );
}

/** Flags of the latest values; a station that has none has nothing to be flagged. */
function quality(latest: Latest): number[] | undefined {
  return latest.stations.quality?.map((flag) => flag ?? 9);
}

const MOST_WITHOUT_BOX = 1000; // stations: more are asked for by what is in sight

function Chooser({ latest, view }: { latest: Latest; view: string }) {
  const options = Object.entries(latest.parameters).sort(
    ([a, x], [b, y]) => rank(a) - rank(b) || y.stations - x.stations || title(x).localeCompare(title(y)),
  );
  return (
    <label class="chooser">
      <span class="unseen">Show on the map</span>
      <select value={view} onChange={(event) => change({ show: event.currentTarget.value, hour: "", play: "" })}>
        <option value={HEALTH}>Health of the stations</option>
        {options.map(([id, parameter]) => (
          <option key={id} value={id}>
            {title(parameter)}
          </option>
        ))}
        {view !== HEALTH && !latest.parameters[view] && <option value={view}>{view}</option>}
      </select>
    </label>
  );
}

function rank(id: string): number {
  const at = PREFERRED.indexOf(id);
  return at < 0 ? PREFERRED.length : at;
}

function Legend({ scale: colours, parameter }: { scale: Scale; parameter: NonNullable<Latest["parameter"]> }) {
  const steps = colours.gradient(24);
  const as = shown(parameter.unit);
  const ticks = niceTicks(as.of(colours.low), as.of(colours.high));
  const place = (tick: number) => ((tick - as.of(colours.low)) / (as.of(colours.high) - as.of(colours.low) || 1)) * 100;
  return (
    <figure class="legend" aria-label={`Colours from ${format(colours.low, parameter.unit)} to ${format(colours.high, parameter.unit)}`}>
      <svg viewBox="0 0 240 10" preserveAspectRatio="none" aria-hidden="true">
        {steps.map((colour, i) => (
          <rect key={i} x={i * 10} y="0" width="10.5" height="10" fill={colour} />
        ))}
      </svg>
      <div class="ticks" aria-hidden="true">
        {ticks.map((tick) => (
          <span key={tick} style={{ left: `${place(tick)}%` }}>
            {String(Number(tick.toFixed(2))).replace("-", "−")}
          </span>
        ))}
      </div>
      <figcaption>{as.unit || "index"}</figcaption>
    </figure>
  );
}

function niceTicks(low: number, high: number): number[] {
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough || 1));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough) ?? power;
  const first = Math.ceil((low + step * 0.15) / step) * step;
  return Array.from({ length: 8 }, (_, i) => first + i * step).filter((tick) => tick <= high - (high - low) * 0.18);
}

function States({ latest }: { latest: Latest }) {
  const counts = countStates(latest);
  return (
    <ul class="states">
      {STATES.filter((state) => counts[state] || state === "reporting").map((state) => (
        <li key={state}>
          <span class={`dot ${state}`} aria-hidden="true" />
          {STATE_NAMES[state]} <b>{(counts[state] ?? 0).toLocaleString("en")}</b>
        </li>
      ))}
    </ul>
  );
}

function countStates(latest: Latest): Partial<Record<State, number>> {
  const counts: Partial<Record<State, number>> = {};
  for (const state of latest.stations.state) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

function Freshness({ latest }: { latest: Latest }) {
  const asked = place.value.query.at;
  const reference = new Date(latest.time).getTime();
  if (asked) {
    return (
      <p class="freshness">
        As it was on {moment(reference)} {zoneLabel()}.{" "}
        <button type="button" class="link" onClick={() => change({ at: "", hour: "" })}>
          Back to now
        </button>
      </p>
    );
  }
  if (latest.newest && reference - new Date(latest.newest).getTime() > DAY) {
    return (
      <p class="freshness">
        Nothing newer than {moment(latest.newest)} {zoneLabel()}.{" "}
        <button type="button" class="link" onClick={() => change({ at: latest.newest! })}>
          Show health as of then
        </button>
      </p>
    );
  }
  return latest.newest ? <p class="freshness">Newest value {age(latest.newest)}</p> : null;
}

function Slider({ hour, times, end, loading, failed, partial }: { hour: number | undefined; times: string[] | undefined; end: number; loading: boolean; failed: string | undefined; partial: boolean }) {
  const playing = place.value.query.play === "1";
  const last = times ? times.length - 1 : 23;
  const at = hour ?? last;
  useEffect(() => {
    if (!playing || !times) return;
    const timer = window.setInterval(() => {
      const now = Number(place.value.query.hour ?? last);
      change({ hour: String(now >= last ? 0 : now + 1) });
    }, 600);
    return () => window.clearInterval(timer);
  }, [playing, times, last]);
  const said = times ? new Date(times[at] ?? end).getTime() : end - (last - at) * 3_600_000;
  return (
    <section class="card slider" aria-label="Time of the last day">
      <button type="button" class="play" aria-label={playing ? "Pause" : "Play the last day"} onClick={() => change(playing ? { play: "" } : { play: "1", hour: String(hour ?? 0) })}>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d={playing ? "M7 5h3.5v14H7zM13.5 5H17v14h-3.5z" : "M8 5v14l11-7z"} />
        </svg>
      </button>
      <div class="track">
        <input
          type="range"
          min="0"
          max={last}
          value={at}
          aria-label="Hour of the last day"
          aria-valuetext={`${moment(said)} ${zoneLabel()}`}
          onInput={(event) => {
            const chosen = Number(event.currentTarget.value);
            change({ hour: chosen === last ? "" : String(chosen), play: "" });
          }}
        />
        <output>
          {day(said)}, <b>{clock(said)}</b> {zoneLabel()}
          {hour === undefined && <span class="quiet"> · latest values</span>}
          {loading && " …"}
          {failed && <span class="bad"> {failed}</span>}
          {partial && <span class="quiet"> · part of the stations: zoom in for the rest</span>}
        </output>
      </div>
    </section>
  );
}

function Selected({ latest, at, value }: { latest: Latest; at: number; value: number | null | undefined }) {
  const { stations, parameter } = latest;
  const id = stations.id[at]!;
  const newest = stations.newest[at];
  const quality = stations.quality?.[at];
  return (
    <section class="card selected" aria-label={`Station ${stations.name[at] ?? id}`}>
      <button type="button" class="close" aria-label="Close" onClick={() => change({ station: "" })}>
        ×
      </button>
      <h2>{stations.name[at] ?? id}</h2>
      <p class="quiet">
        {id}
        {stations.elevation_m[at] !== null && <> · {metres(stations.elevation_m[at])}</>}
      </p>
      {parameter && (value === null || value === undefined) && <p class="quiet">No {title(parameter).toLowerCase()} from here</p>}
      {parameter && value !== null && value !== undefined && (
        <p class="big">
          {format(value, parameter.unit)}
          <small>
            {title(parameter)}
            {quality ? `, ${FLAGS[quality]}` : ""}
          </small>
        </p>
      )}
      <p>
        <span class={`dot ${stations.state[at]}`} aria-hidden="true" /> {STATE_NAMES[stations.state[at]!]}
        {newest ? <span class="quiet"> · last heard {age(newest, new Date(latest.time).getTime())}</span> : null}
      </p>
      <a class="button" href={`/stations/${encodeURIComponent(id)}`}>
        Open the station
      </a>
    </section>
  );
}

const STATES_BY_CARE: State[] = ["suspect", "silent", "late", "unheard", "reporting"];

function StationList({ latest, values, health, bounds }: { latest: Latest; values: (number | null)[] | undefined; health: boolean; bounds: string | undefined }) {
  const open = place.value.query.list === "1";
  const { stations, parameter } = latest;
  const inSight = useMemo(() => {
    if (!open) return [];
    const [west = -180, south = -90, east = 180, north = 90] = bounds?.split(",").map(Number) ?? [];
    const found: number[] = [];
    for (let i = 0; i < latest.count; i++) {
      const [x, y] = [stations.longitude[i]!, stations.latitude[i]!];
      const across = west <= east ? x >= west && x <= east : x >= west || x <= east;
      if (x === null || y === null || (across && y >= south && y <= north)) found.push(i);
    }
    const worst = (i: number) => (health ? STATES_BY_CARE.indexOf(stations.state[i]!) : 0);
    return found.sort((a, b) => worst(a) - worst(b) || (values ? (values[b] ?? -Infinity) - (values[a] ?? -Infinity) : 0) || (stations.name[a] ?? stations.id[a]!).localeCompare(stations.name[b] ?? stations.id[b]!));
  }, [open, latest, values, health, bounds]);
  return (
    <section class={`card list ${open ? "open" : ""}`} aria-label="Stations in sight">
      <button type="button" aria-expanded={open} onClick={() => change({ list: open ? "" : "1" })}>
        <span>{count(latest.count, "station")}</span>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d={open ? "m6 15 6-6 6 6" : "m6 9 6 6 6-6"} />
        </svg>
      </button>
      {open && (
        <>
          <p class="quiet">
            {inSight.length > IN_THE_LIST ? `The first ${IN_THE_LIST} of ${inSight.length.toLocaleString("en")} in sight` : "In sight, and those without a place"}
          </p>
          <ul tabIndex={0} aria-label="Stations">
            {inSight.slice(0, IN_THE_LIST).map((i) => (
              <li key={stations.id[i]}>
                <a href={`/stations/${encodeURIComponent(stations.id[i]!)}`}>
                  <span class={`dot ${stations.state[i]}`} title={STATE_NAMES[stations.state[i]!]} role="img" aria-label={STATE_NAMES[stations.state[i]!]} />
                  <span class="name">{stations.name[i] ?? stations.id[i]}</span>
                  <span class="value">{health || !parameter ? (stations.newest[i] ? age(stations.newest[i]!, new Date(latest.time).getTime()) : "–") : format(values?.[i], parameter.unit)}</span>
                </a>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

interface CanvasProps {
  latest: Latest;
  values: (number | null)[] | undefined;
  colours: Scale | undefined;
  health: boolean;
  past: boolean;
  selected: string | undefined;
  onBounds: (bounds: string) => void;
}

function MapCanvas({ latest, values, colours, health, past, selected, onBounds }: CanvasProps) {
  const element = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<NetworkMap>();
  const [broken, setBroken] = useState(false);
  const isDark = dark.value;

  const points = useMemo(() => {
    const look = lookOf();
    const { stations, parameter } = latest;
    const found: Point[] = [];
    for (let i = 0; i < latest.count; i++) {
      const [latitude, longitude] = [stations.latitude[i]!, stations.longitude[i]!];
      if (latitude === null || longitude === null) continue;
      const state = stations.state[i]!;
      const value = values?.[i] ?? null;
      const coloured = !health && colours && value !== null;
      found.push({
        id: stations.id[i]!,
        name: stations.name[i] ?? "",
        at: [latitude, longitude],
        colour: coloured ? colours.colour(value) : health ? look.states[state]! : look.halo,
        ink: coloured ? colours.ink(value) : look.name,
        text: coloured && parameter ? format(value, parameter.unit, false) : "",
        value: health || (!past && stations.quality?.[i] === 4) ? null : value, // no mean has a part of what failed its test
        from: past ? null : (stations.direction?.[i] ?? null),
        state,
      });
    }
    return found;
  }, [latest, values, colours, health, past, isDark]);

  useEffect(() => {
    let made: NetworkMap | undefined;
    let gone = false;
    const events: Events = {
      open: (id) => go(`/stations/${encodeURIComponent(id)}`),
      select: (id) => change({ station: id ?? "" }),
      moved: ([latitude, longitude], zoom, bounds) => {
        onBounds(box(bounds));
        change({ map: `${zoom}/${latitude.toFixed(4)}/${longitude.toFixed(4)}` });
      },
    };
    Promise.all([import("../map/network-map"), settings()]).then(
      ([{ NetworkMap: Map }, config]: [typeof import("../map/network-map"), Config]) => {
        if (gone || !element.current) return;
        const view = viewOf(place.value.query.map);
        made = new Map(element.current, lookOf(), events, view, config.tiles);
        if (!view) made.fit(points, window.innerWidth > 700 ? [330, 40] : [30, 190]);
        setMap(made);
      },
      () => setBroken(true),
    );
    return () => {
      gone = true;
      made?.remove();
    };
  }, []);

  useEffect(() => map?.recolour(lookOf(), isDark), [map, isDark]);
  useEffect(() => {
    map?.show(points, selected, (mean) =>
      colours && latest.parameter && !health ? { colour: colours.colour(mean), ink: colours.ink(mean), text: format(mean, latest.parameter.unit, false) } : undefined,
    );
  }, [map, points, selected]);

  return (
    <>
      <div class="map" ref={element} role="application" aria-label="Map: arrow keys move it, plus and minus zoom. The stations are in the list of stations, too." tabIndex={0} />
      {broken && (
        <div class="card welcome" role="alert">
          <strong>The map cannot be loaded.</strong>
          <p>
            The list of <a href="/stations">stations</a> works without it. Load the page again for another try.
          </p>
        </div>
      )}
    </>
  );
}

/** What is in sight, as the API writes a box: west is more than east where it goes over the date line. */
function box([west, south, east, north]: [number, number, number, number]): string {
  const around = east - west >= 360;
  const wrapped = (degrees: number) => ((((degrees + 180) % 360) + 360) % 360) - 180;
  const sides = [around ? -180 : wrapped(west), Math.max(south, -90), around ? 180 : wrapped(east), Math.min(north, 90)];
  return sides.map((degrees) => degrees.toFixed(3)).join(",");
}

function viewOf(text: string | undefined): { centre: [number, number]; zoom: number } | undefined {
  const [zoom, latitude, longitude] = (text ?? "").split("/").map(Number);
  if (zoom === undefined || latitude === undefined || longitude === undefined) return undefined;
  return [zoom, latitude, longitude].every(Number.isFinite) ? { centre: [latitude, longitude], zoom } : undefined;
}

function lookOf(): Look {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  return {
    sea: colour("--sea"),
    land: colour("--land"),
    coast: colour("--coast"),
    border: colour("--border"),
    grid: colour("--inner"),
    name: colour("--map-ink"),
    halo: colour("--surface"),
    ring: colour("--surface"),
    states: Object.fromEntries(STATES.map((state) => [state, colour(`--${state}`)])),
  };
}


