// One station: what it says now, what it said, how much of it arrived, and in which files.

import { useEffect, useMemo, useState } from "preact/hooks";
import { useAnswer, useLoaded, url } from "../api";
import { bytes } from "../amounts";
import { Calendar } from "../charts/calendar";
import { Chart, type Series } from "../charts/chart";
import { WindRose } from "../charts/wind-rose";
import { address, change, place, type Query } from "../location";
import { observations, sound, type Column, type Days, type Table } from "../observations";
import { FLAGS, metres, parse, parts, title, type Parameter } from "../quantities";
import { units, zone } from "../settings";
import { Empty, Failed, Loading, Path, Shown } from "../states";
import { StatusBadge } from "../statuses";
import { DAY, age, day, iso, moment, zoneLabel, zoneName } from "../times";
import type { FileLine } from "./files";

interface Station {
  id: string;
  geometry: { coordinates: [number, number, number?] } | null;
  properties: {
    name: string | null;
    wigos_station_identifier: string | null;
    elevation_m: number | null;
    timezone: string | null;
    parameters: Record<string, Parameter & { first: string; last: string }>;
  };
}

interface LatestValues {
  parameters: Record<string, Parameter & { time: string; value: number; quality: number; received: string; unit_received: string; file: string }>;
}

const RANGES = ["day", "month", "year"] as const;
type Range = (typeof RANGES)[number];

export function StationView({ id }: { id: string }) {
  const path = `/stations/${encodeURIComponent(id)}`;
  const station = useAnswer<Station>(path);
  const latest = useAnswer<LatestValues>(`${path}/observations/latest`, {}, 60);
  if (station.failure && !station.value) {
    return (
      <div class="page">
        <h1>{id}</h1>
        <Failed failure={station.failure} again={station.again} />
        <p><a href="/stations">All stations</a></p>
      </div>
    );
  }
  return (
    <div class="page station">
      {station.value ? <Head station={station.value} /> : <><h1>{id}</h1><Loading what="the station" /></>}
      <section aria-labelledby="latest">
        <h2 id="latest">Latest values</h2>
        <Shown answer={latest} what="the latest values">
          {(value) => <LatestTiles values={value} timezone={station.value?.properties.timezone ?? null} />}
        </Shown>
      </section>
      {station.value && <Charts station={station.value} />}
      {station.value && <Files id={id} />}
    </div>
  );
}

function Head({ station }: { station: Station }) {
  const { name, wigos_station_identifier: wigos, elevation_m: elevation, timezone } = station.properties;
  const [longitude, latitude] = station.geometry?.coordinates ?? [];
  return (
    <header class="head">
      <p class="crumbs"><a href="/stations">Stations</a> / {station.id}</p>
      <h1>{name ?? station.id}</h1>
      <dl class="facts">
        <div><dt>Identifier</dt><dd>{station.id}</dd></div>
        {wigos && wigos !== station.id && <div><dt>WIGOS</dt><dd>{wigos}</dd></div>}
        {longitude !== undefined && latitude !== undefined && (
          <div>
            <dt>Place</dt>
            <dd>
              <a href={`/?map=10/${latitude.toFixed(4)}/${longitude.toFixed(4)}&station=${encodeURIComponent(station.id)}`}>
                {Math.abs(latitude).toFixed(3)}° {latitude < 0 ? "S" : "N"}, {Math.abs(longitude).toFixed(3)}° {longitude < 0 ? "W" : "E"}
              </a>
            </dd>
          </div>
        )}
        {elevation !== null && <div><dt>Elevation</dt><dd>{metres(elevation)}</dd></div>}
        {timezone && <div><dt>Time zone</dt><dd>{timezone.replaceAll("_", " ")}</dd></div>}
      </dl>
    </header>
  );
}

const FIRST = ["air_temperature", "dew_point_temperature", "relative_humidity", "wind_speed", "wind_speed_of_gust", "wind_from_direction", "precipitation_amount", "air_pressure_at_mean_sea_level", "air_pressure"];

function order(a: string, b: string): number {
  const rank = (id: string) => {
    const at = FIRST.indexOf(parse(id).standard_name);
    return at < 0 ? FIRST.length : at;
  };
  return rank(a) - rank(b) || a.localeCompare(b);
}

function LatestTiles({ values, timezone }: { values: LatestValues; timezone: string | null }) {
  const found = Object.entries(values.parameters).sort(([a], [b]) => order(a, b));
  if (!found.length) return <Empty title="Nothing heard yet."><p>As soon as a file with observations of this station is loaded, its values stand here.</p></Empty>;
  const newest = found.reduce((most, [, { time }]) => (time > most ? time : most), "");
  return (
    <>
      <p class="quiet">Last heard {age(newest)}: <time dateTime={newest}>{moment(newest, timezone)} {zoneLabel(timezone)}</time></p>
      <ul class="tiles">
        {found.map(([id, each]) => (
          <li key={id} class={each.quality === 3 || each.quality === 4 ? "doubtful" : ""}>
            <span class="what">{title(each)}</span>
            <span class="value"><Value value={each.value} unit={each.unit} /></span>
            <span class="quiet">
              {each.time !== newest && <time dateTime={each.time} title={`${moment(each.time, timezone)} ${zoneLabel(timezone)}`}>{age(each.time, new Date(newest).getTime()).replace(" ago", " earlier")} · </time>}
              <span class={`flag flag-${each.quality}`}>{FLAGS[each.quality]}</span>
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Value({ value, unit }: { value: number; unit: string }) {
  const [number, sign] = parts(value, unit);
  return <>{number}{sign === "°" || sign === "%" ? sign : <small> {sign}</small>}</>;
}

// ---- charts ------------------------------------------------------------------------------------------------------------

function Charts({ station }: { station: Station }) {
  const { query } = place.value;
  const parameters = station.properties.parameters;
  const ids = Object.keys(parameters);
  const last = Math.max(...Object.values(parameters).map(({ last: text }) => Date.parse(text)));
  if (!ids.length) return null;
  const onlyDaily = Object.values(parameters).every(({ duration }) => /^P\d+[DWMY]/.test(duration));
  const range: Range = RANGES.includes(query.range as Range) ? (query.range as Range) : onlyDaily ? "year" : "day";
  const timezone = station.properties.timezone;
  const zone = range === "year" ? "UTC" : zoneName(timezone);
  const date = isDate(query.date) ? query.date : dateIn(zone, last);
  const [start, end] = bounds(range, date, zone);
  const zoom = readZoom(query.zoom, start, end);

  const step = (by: number) => change({ range, date: shift(range, date, by), zoom: "" });
  const label = range === "day" ? day(`${date}T12:00:00Z`) : range === "month" ? monthName(date) : date.slice(0, 4);
  return (
    <section aria-labelledby="charts">
      <div class="bar">
        <h2 id="charts">Observations</h2>
        <div class="group" role="group" aria-label="Length of time">
          {RANGES.map((each) => (
            <button key={each} type="button" aria-pressed={range === each} onClick={() => change({ range: each, date, zoom: "" })}>
              {each === "day" ? "Day" : each === "month" ? "Month" : "Year"}
            </button>
          ))}
        </div>
        <div class="group" role="group" aria-label="Which">
          <button type="button" aria-label={`${range} before`} onClick={() => step(-1)}>‹</button>
          <label class="date">
            <span class="unseen">Date</span>
            <input type="date" value={date} onChange={(event) => event.currentTarget.value && change({ range, date: event.currentTarget.value, zoom: "" })} />
          </label>
          <button type="button" aria-label={`${range} after`} onClick={() => step(1)}>›</button>
        </div>
        {zoom && <button type="button" onClick={() => change({ zoom: "" })}>Whole {range}</button>}
        <CopyLink pinned={{ range, date }} />
        <Download id={station.id} start={zoom?.[0] ?? start} end={zoom?.[1] ?? end - 1} />
      </div>
      <p class="quiet period">{label}, {zone === "UTC" ? "UTC" : zone.replaceAll("_", " ")}. Drag across a chart to look closer; double-click for the whole {range}.</p>
      {range === "year" ? (
        <YearCharts station={station} start={start} end={end} zoom={zoom} />
      ) : (
        <RawCharts station={station} start={start} end={end} zoom={zoom} range={range} />
      )}
      <Completeness station={station} date={date} />
    </section>
  );
}

function RawCharts({ station, start, end, zoom, range }: { station: Station; start: number; end: number; zoom: [number, number] | undefined; range: Range }) {
  const interval = `${iso(start * 1000)}/${iso(end * 1000 - 1000)}`;
  const table = useLoaded((signal) => observations(station.id, { datetime: interval }, signal), `${station.id} ${interval}`);
  return (
    <Shown answer={table} what="the observations">
      {(value) => {
        if (!value.time.length) return <NothingThen station={station} range={range} />;
        return (
          <>
            {value.cutAt && <p class="notice" role="status">There is more than this page can draw: it ends at {moment(value.cutAt * 1000)} {zoneLabel()}. Choose a day, or download the data.</p>}
            <Panels table={value} start={start} end={end} zoom={zoom} timezone={station.properties.timezone} daily={false} />
          </>
        );
      }}
    </Shown>
  );
}

function YearCharts({ station, start, end, zoom }: { station: Station; start: number; end: number; zoom: [number, number] | undefined }) {
  const days = useAnswer<Days>(`/stations/${encodeURIComponent(station.id)}/days`, { datetime: yearOf(iso(start * 1000)) });
  const table = useMemo(() => (days.value ? daysTable(days.value) : undefined), [days.value]);
  return (
    <Shown answer={days} what="the year">
      {() => (table?.columns.size ? <Panels table={table} start={start} end={end} zoom={zoom} timezone={null} daily station={station.id} /> : <NothingThen station={station} range="year" />)}
    </Shown>
  );
}

/** Asked for alike by charts and calendar, so that the browser needs to ask once. */
function yearOf(date: string): string {
  return `${date.slice(0, 4)}-01-01/${date.slice(0, 4)}-12-31`;
}

interface DayColumn extends Column {
  band?: { low: (number | null)[]; high: (number | null)[] };
}

function daysTable(days: Days): Table {
  const time = days.date.map((date) => Date.parse(`${date}T00:00:00Z`) / 1000);
  const columns = new Map<string, DayColumn>();
  for (const [id, each] of Object.entries(days.parameters)) {
    const whole = /^P\d+[DWMY]/.test(each.duration);
    const adds = addsUp(each);
    const gust = each.standard_name === "wind_speed_of_gust";
    const values = adds ? each.total : gust ? each.maximum : each.mean;
    columns.set(id, {
      ...each,
      values,
      quality: each.suspect.map((amount) => (amount ? 3 : 1)),
      ...(whole || adds || gust || each.unit === "deg" ? {} : { band: { low: each.minimum, high: each.maximum } }),
    });
  }
  return { time, columns };
}

function addsUp({ unit, standard_name: name, method }: Parameter): boolean {
  return (unit === "mm" && !name.startsWith("surface_snow")) || (unit === "min" && method !== "mean");
}

/** Panels: what belongs together in one chart, gusts over the mean wind. */
const PANELS: { title: string; names: string[] }[] = [
  { title: "Temperature", names: ["air_temperature", "dew_point_temperature", "wet_bulb_temperature", "apparent_air_temperature", "wind_chill_of_air_temperature", "heat_index_of_air_temperature"] },
  { title: "Wind", names: ["wind_speed", "wind_speed_of_gust"] },
  { title: "Wind direction", names: ["wind_from_direction", "wind_gust_from_direction"] },
  { title: "Pressure", names: ["air_pressure_at_mean_sea_level", "altimeter_setting"] },
  { title: "Station pressure", names: ["air_pressure"] },
  { title: "Soil temperature", names: ["soil_temperature"] },
  { title: "Radiation", names: ["surface_downwelling_shortwave_flux_in_air", "surface_upwelling_shortwave_flux_in_air", "surface_downwelling_longwave_flux_in_air", "surface_upwelling_longwave_flux_in_air"] },
];
const COLOURS = ["--series-1", "--series-2", "--series-3", "--series-4", "--series-5", "--series-6"];

function Panels({ table, start, end, zoom, timezone, daily, station }: { table: Table; start: number; end: number; zoom: [number, number] | undefined; timezone: string | null; daily: boolean; station?: string }) {
  const panels = useMemo(() => {
    const groups = new Map<string, [string, DayColumn][]>();
    for (const [id, column] of [...table.columns].sort(([a], [b]) => order(a, b))) {
      if (!column.values.some((value) => value !== null)) continue;
      const panel = PANELS.find(({ names }) => names.includes(column.standard_name));
      const key = panel?.title ?? title({ ...column, method: "point", duration: "PT0S" });
      groups.set(`${key}\n${column.unit}`, [...(groups.get(`${key}\n${column.unit}`) ?? []), [id, column]]);
    }
    return [...groups].map(([key, columns]) => ({ title: key.split("\n")[0]!, columns }));
  }, [table]);
  const onZoom = (chosen: [number, number] | undefined) => change({ zoom: chosen ? chosen.map((each) => iso(each * 1000)).join("/") : "" });
  const column = (name: string) => [...table.columns.values()].find((each) => each.standard_name === name && !/^P\d+[DWMY]/.test(each.duration));
  const [speed, from] = [column("wind_speed"), column("wind_from_direction")];
  return (
    <div class="charts">
      {panels.map(({ title: name, columns }) => {
        const series: Series[] = columns.map(([, each], i) => ({
          name: daily && !/^P\d+[DWMY]/.test(each.duration) ? `${title(each)}${addsUp(each) ? ", day’s sum" : each.standard_name === "wind_speed_of_gust" ? ", day’s highest" : ", day’s mean"}` : title(each),
          unit: each.unit,
          values: each.values,
          quality: each.quality,
          colour: COLOURS[i % COLOURS.length]!,
          kind: each.unit === "deg" ? "dots" : addsUp(each) ? "bars" : each.standard_name === "wind_speed_of_gust" ? "over" : "line",
          band: each.band,
        }));
        return <Chart key={name} title={name} time={table.time} series={series} start={start} end={end} zoom={zoom} onZoom={onZoom} timezone={timezone} daily={daily} {...(series[0]!.unit === "deg" ? { fixed: [0, 360] as [number, number] } : series[0]!.unit === "%" ? { fixed: [0, 102] as [number, number] } : {})} />;
      })}
      {daily && speed && from && station && <YearRose id={station} start={start} end={end} zoom={zoom} />}
      {!daily && speed && from && <WindRose speeds={within(table.time, sound(speed), zoom)} directions={within(table.time, from.values, zoom)} />}
    </div>
  );
}

/** Days tell nothing of how speed and direction went together: the rose of a year needs each value. */
function YearRose({ id, start, end, zoom }: { id: string; start: number; end: number; zoom: [number, number] | undefined }) {
  const datetime = `${iso((zoom?.[0] ?? start) * 1000)}/${iso((zoom?.[1] ?? end - 1) * 1000)}`;
  const table = useLoaded((signal) => observations(id, { datetime, parameters: "wind_speed,wind_from_direction" }, signal), `rose ${id} ${datetime}`);
  if (table.failure) return <Failed failure={table.failure} again={table.again} />;
  if (!table.value) return <Loading what="the wind rose" />;
  const column = (name: string) => {
    const found = [...table.value!.columns.values()].find((each) => each.standard_name === name);
    return found ? sound(found) : [];
  };
  return <WindRose speeds={column("wind_speed")} directions={column("wind_from_direction")} />;
}

function within<T>(time: readonly number[], values: readonly T[], zoom: [number, number] | undefined): T[] {
  return zoom ? values.filter((_, i) => time[i]! >= zoom[0] && time[i]! <= zoom[1]) : [...values];
}

function NothingThen({ station, range }: { station: Station; range: Range }) {
  const parameters = Object.values(station.properties.parameters);
  const first = parameters.map(({ first: text }) => text).sort()[0]!;
  const last = parameters.map(({ last: text }) => text).sort().at(-1)!;
  return (
    <Empty title={`No observations in this ${range}.`}>
      <p>
        There are some from {day(first)} to {day(last)}.{" "}
        <button type="button" class="link" onClick={() => change({ date: last.slice(0, 10), zoom: "" })}>Go to the last</button>
      </p>
    </Empty>
  );
}

function Completeness({ station, date }: { station: Station; date: string }) {
  const year = Number(date.slice(0, 4));
  const days = useAnswer<Days>(`/stations/${encodeURIComponent(station.id)}/days`, { datetime: yearOf(date) });
  const parameters = days.value ? Object.entries(days.value.parameters).sort(([a], [b]) => order(a, b)) : [];
  const asked = place.value.query.complete;
  const chosen = parameters.find(([id]) => id === asked) ?? parameters[0];
  const { counts, expected } = useMemo(() => {
    const found = chosen?.[1].count ?? [];
    const sorted = found.filter(Boolean).sort((a, b) => a - b);
    // What nine of ten days have at most: a day of repeated reports makes no other day incomplete
    const usual = sorted[Math.floor(sorted.length * 0.9)] ?? 0;
    return { counts: new Map(days.value?.date.map((each, i) => [each, found[i] ?? 0])), expected: usual };
  }, [days.value, chosen?.[0]]);
  return (
    <section aria-labelledby="completeness" class="completeness">
      <div class="bar">
        <h2 id="completeness">Completeness of {year}</h2>
        {parameters.length > 1 && (
          <label>
            <span class="unseen">Parameter</span>
            <select value={chosen?.[0]} onChange={(event) => change({ complete: event.currentTarget.value })}>
              {parameters.map(([id, each]) => <option key={id} value={id}>{title(each)}</option>)}
            </select>
          </label>
        )}
      </div>
      <Shown answer={days} what="the calendar">
        {() => chosen ? <Calendar year={year} counts={counts} expected={expected} chosen={date} onChoose={(each) => change({ range: "day", date: each, zoom: "" })} /> : <Empty title={`Nothing came in ${year}.`} />}
      </Shown>
    </section>
  );
}

function Files({ id }: { id: string }) {
  const files = useAnswer<{ files: FileLine[]; links: { rel: string }[] }>("/files", { station: id, limit: "20" });
  return (
    <section aria-labelledby="files">
      <h2 id="files">Files</h2>
      <Shown answer={files} what="the files">
        {(value) => value.files.length ? (
          <div class="scroll">
            <table class="rows">
              <thead><tr><th scope="col">File</th><th scope="col">Status</th><th scope="col">Arrived</th><th scope="col" class="number spare">Rows</th><th scope="col" class="number spare">Size</th></tr></thead>
              <tbody>
                {value.files.map((file) => (
                  <tr key={file.id}>
                    <th scope="row"><a href={`/files/${file.id}`}><Path of={file.key} /></a></th>
                    <td><StatusBadge status={file.status} /></td>
                    <td><time dateTime={file.received_at}>{age(file.received_at)}</time></td>
                    <td class="number spare">{file.rows.toLocaleString("en")}</td>
                    <td class="number spare">{bytes(file.size)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            {value.links.some(({ rel }) => rel === "next") && <p><a href={`/files?station=${encodeURIComponent(id)}`}>All files with this station</a></p>}
          </div>
        ) : <Empty title="No file speaks of this station." />}
      </Shown>
    </section>
  );
}

/** Everything that the view depends on: whoever opens the link sees the same, whenever, and whatever was chosen there before. */
function CopyLink({ pinned }: { pinned: Query }) {
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (!said) return;
    const timer = window.setTimeout(() => setSaid(""), 3000);
    return () => window.clearTimeout(timer);
  }, [said]);
  const copy = async () => {
    const { path, query } = place.value;
    const link = window.location.origin + address(path, { ...query, ...pinned, units: units.value, zone: zone.value });
    try {
      await navigator.clipboard.writeText(link);
      setSaid("Copied");
    } catch {
      change({ ...pinned, units: units.value, zone: zone.value });
      setSaid("It is in the address bar");
    }
  };
  return (
    <>
      <button type="button" onClick={() => void copy()}>{said || "Copy link"}</button>
      <span class="unseen" role="status">{said}</span>
    </>
  );
}

function Download({ id, start, end }: { id: string; start: number; end: number }) {
  const [href, setHref] = useState("");
  const interval = `${iso(start * 1000)}/${iso(end * 1000)}`;
  const system = units.value === "imperial" ? "us" : "";
  useEffect(() => {
    void url(`/stations/${encodeURIComponent(id)}/observations`, { datetime: interval, f: "csv", units: system, whole: "true" }).then(setHref);
  }, [id, interval, system]);
  // The API names the file. Where it has to be made first, the new tab waits for it
  return <a class="button" href={href} target="_blank" rel="noopener">CSV</a>;
}

// ---- calendar arithmetic -----------------------------------------------------------------------------------------------

function dateIn(zone: string, time: number): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: zone }).format(time);
}

function isDate(text: string | undefined): text is string {
  return /^\d{4}-\d\d-\d\d$/.test(text ?? "") && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
}

/** The instant at which a date begins in a zone, in seconds. */
function startOf(date: string, zone: string): number {
  const utc = Date.parse(`${date}T00:00:00Z`);
  if (zone === "UTC") return utc / 1000;
  const wall = (at: number) => Date.parse(`${new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" }).format(at).replace(" ", "T")}Z`);
  let guess = utc;
  for (let i = 0; i < 2; i++) guess -= wall(guess) - utc; // twice, for a day on which the clocks change
  return guess / 1000;
}

function bounds(range: Range, date: string, zone: string): [number, number] {
  const first = range === "day" ? date : range === "month" ? `${date.slice(0, 7)}-01` : `${date.slice(0, 4)}-01-01`;
  return [startOf(first, zone), startOf(shift(range, first, 1), zone)];
}

function shift(range: Range, date: string, by: number): string {
  const [year = 0, month = 0, number = 0] = date.split("-").map(Number);
  if (range === "day") return new Date(Date.parse(`${date}T00:00:00Z`) + by * DAY).toISOString().slice(0, 10);
  const moved = range === "month" ? new Date(Date.UTC(year, month - 1 + by, 1)) : new Date(Date.UTC(year + by, month - 1, 1));
  if (year + by < 100) moved.setUTCFullYear(year + (range === "year" ? by : 0));
  const days = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0)).getUTCDate();
  moved.setUTCDate(Math.min(number, days));
  return moved.toISOString().slice(0, 10);
}

function monthName(date: string): string {
  return new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" }).format(Date.parse(`${date}T00:00:00Z`));
}

function readZoom(text: string | undefined, start: number, end: number): [number, number] | undefined {
  const [from = NaN, to = NaN] = (text ?? "").split("/").map((each) => Date.parse(each) / 1000);
  return from < to && from >= start - 86_400 && to <= end + 86_400 ? [from, to] : undefined;
}


