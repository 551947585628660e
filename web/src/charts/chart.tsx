// A chart of series over time, on uPlot. What it shows can be read without seeing it: a summary, and a reading for each time.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { count } from "../amounts";
import { sound, withGaps } from "../observations";
import { FLAGS, format, shown } from "../quantities";
import { dark, units } from "../settings";
import { day, moment, zoneLabel, zoneName } from "../times";

export interface Series {
  name: string;
  unit: string;
  values: (number | null)[];
  /** QARTOD flags, for each value. */
  quality?: number[] | undefined;
  colour: string; // a custom property of the style sheet
  kind: "line" | "dots" | "bars" | "over";
  /** A band between two others: the lowest and highest of each day. */
  band?: { low: (number | null)[]; high: (number | null)[] } | undefined;
}

export interface ChartProps {
  title: string;
  time: number[];
  series: Series[];
  start: number;
  end: number;
  zoom: [number, number] | undefined;
  onZoom: (zoom: [number, number] | undefined) => void;
  timezone: string | null;
  fixed?: [number, number];
  daily?: boolean;
}

const sync = uPlot.sync("station");
const HEIGHT = 210;
const SHORTEST_S = 600; // that keys zoom to
const TAP = 12; // pixels: less is no movement of a finger

export function Chart({ title, time, series, start, end, zoom, onZoom, timezone, fixed, daily }: ChartProps) {
  const element = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const [at, setAt] = useState<number>();
  const unit = series[0]!.unit;
  const as = shown(unit);
  const zone = zoneName(daily ? null : timezone);

  const data = useMemo(() => {
    const columns = series.flatMap(({ values, band }) => [values, ...(band ? [band.low, band.high] : [])]);
    const prepared = withGaps(time, columns);
    return { ...prepared, series: prepared.series.map((values) => values.map((value) => (typeof value === "number" ? as.of(value) : value))) };
  }, [time, series, unit, units.value]);

  const suspects = useMemo(() => {
    const found: { time: number; value: number; flag: number; name: string }[] = [];
    for (const { quality, values, name } of series) {
      quality?.forEach((flag, i) => {
        if ((flag === 3 || flag === 4) && values[i] !== null) found.push({ time: time[i]!, value: as.of(values[i]!), flag, name });
      });
    }
    return found;
  }, [time, series, units.value]);

  useEffect(() => {
    const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const bands: uPlot.Band[] = [];
    const specs: uPlot.Series[] = [{}];
    for (const { colour: name, kind, band } of series) {
      const ink = colour(name);
      const dots = kind === "dots";
      specs.push({
        stroke: ink,
        width: kind === "over" ? 1.25 : 1.75,
        ...(kind === "over" ? { dash: [4, 3] } : {}),
        ...(dots ? { paths: () => null } : {}),
        ...(kind === "bars" ? { paths: uPlot.paths.bars!({ size: [0.7, 24], align: daily ? 1 : -1 }), fill: ink } : {}),
        points: { show: dots ? true : undefined!, size: dots ? 4 : 5, fill: ink, width: 0 },
      });
      if (band) {
        const [low, high] = [specs.length, specs.length + 1];
        const edge: uPlot.Series = { stroke: "transparent", width: 0, points: { show: false } };
        specs.push({ ...edge }, { ...edge });
        bands.push({ series: [high, low], fill: `color-mix(in srgb, ${ink} 22%, transparent)` });
      }
    }
    const axis: uPlot.Axis = {
      stroke: colour("--muted"),
      font: "12px system-ui, sans-serif",
      grid: { stroke: colour("--line"), width: 1 },
      ticks: { show: false },
    };
    const options: uPlot.Options = {
      width: element.current!.clientWidth,
      height: HEIGHT,
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), zone),
      legend: { show: false },
      cursor: { sync: { key: sync.key, setSeries: false }, points: { size: 8, width: 2 }, drag: { x: true, y: false, setScale: false } },
      bands,
      series: specs,
      scales: {
        x: { time: true, range: () => zoom ?? [start, end] },
        y: { range: () => fixed ?? spread(...extent(time, series, zoom ?? [start, end]).map(as.of) as [number, number], series[0]!.kind === "bars") },
      },
      axes: [
        { ...axis, values: AXIS_TIMES as unknown as uPlot.Axis.Values, space: 64 },
        { ...axis, size: 48, values: (_, splits) => splits.map(axisNumber), ...(unit === "deg" ? { splits: [0, 90, 180, 270, 360], values: ["N", "E", "S", "W", "N"] as unknown as uPlot.Axis.Values } : {}) },
      ],
      hooks: {
        setCursor: [(self) => setAt(self.cursor.idx ?? undefined)],
        setSelect: [
          (self) => {
            if (self.select.width < 6) return;
            onZoom([Math.round(self.posToVal(self.select.left, "x")), Math.round(self.posToVal(self.select.left + self.select.width, "x"))]);
            self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          },
        ],
        draw: [
          (self) => {
            const { ctx } = self;
            ctx.save();
            ctx.beginPath();
            ctx.rect(self.bbox.left, self.bbox.top, self.bbox.width, self.bbox.height);
            ctx.clip();
            ctx.setLineDash([]); // a series before may have had dashes
            ctx.strokeStyle = colour("--suspect");
            ctx.lineWidth = 2 * devicePixelRatio;
            for (const each of suspects) {
              const { top, height } = self.bbox;
              const edge = 7 * devicePixelRatio; // what lies off the scale is marked at its end
              const [x, y] = [self.valToPos(each.time, "x", true), Math.max(top + edge, Math.min(top + height - edge, self.valToPos(each.value, "y", true)))];
              ctx.beginPath();
              ctx.arc(x, y, 5 * devicePixelRatio, 0, 2 * Math.PI);
              if (each.flag === 4) {
                ctx.moveTo(x - 8 * devicePixelRatio, y);
                ctx.lineTo(x + 8 * devicePixelRatio, y);
              }
              ctx.stroke();
            }
            ctx.restore();
          },
        ],
      },
    };
    const made = new uPlot(options, [data.time, ...data.series] as uPlot.AlignedData, element.current!);
    plot.current = made;
    const observer = new ResizeObserver(([entry]) => {
      const width = Math.round(entry!.contentRect.width);
      if (width && width !== made.width) made.setSize({ width, height: HEIGHT });
    });
    observer.observe(element.current!);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [data, suspects, zoom?.[0], zoom?.[1], start, end, zone, dark.value]);

  const step = (by: number) => {
    const self = plot.current;
    if (!self || !data.time.length) return;
    const next = Math.max(0, Math.min(data.time.length - 1, (self.cursor.idx ?? (by > 0 ? -1 : data.time.length)) + by));
    self.setCursor({ left: self.valToPos(data.time[next]!, "x"), top: HEIGHT / 3 });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1, PageUp: 24, PageDown: -24, Home: -1e9, End: 1e9 }[event.key];
    if (by !== undefined) {
      event.preventDefault();
      step(by);
    } else if (event.key === "+" || event.key === "=") closer(0.5);
    else if (event.key === "-") closer(2);
    else if (event.key === "Escape" && zoom) onZoom(undefined);
  };
  /** Half as long a time around what is being read, or twice as long. */
  const closer = (factor: number) => {
    const [from, to] = zoom ?? [start, end];
    const length = Math.max(factor * (to - from), SHORTEST_S);
    if (length >= end - start) return onZoom(undefined);
    const middle = at === undefined ? (from + to) / 2 : data.time[at]!;
    const left = Math.max(start, Math.min(end - length, middle - length / 2));
    onZoom([Math.round(left), Math.round(left + length)]);
  };
  // A finger that moves sideways chooses a time as a mouse does; up and down it moves the page
  const touched = useRef<number | undefined>(undefined);
  const leftOf = (event: PointerEvent) => event.clientX - plot.current!.over.getBoundingClientRect().left;
  const onPointer = (event: PointerEvent) => {
    const self = plot.current;
    if (event.pointerType !== "touch" || !self) return;
    if (event.type === "pointerdown") touched.current = leftOf(event);
    if (touched.current === undefined) return;
    const [a, b] = [touched.current, leftOf(event)].map((left) => Math.max(0, Math.min(self.over.clientWidth, left))).sort((x, y) => x - y) as [number, number];
    const ends = event.type === "pointerup" || event.type === "pointercancel";
    if (!ends) self.setCursor({ left: leftOf(event), top: HEIGHT / 3 });
    self.setSelect(ends ? { left: 0, top: 0, width: 0, height: 0 } : { left: a, top: 0, width: b - a, height: self.over.clientHeight }, false);
    if (!ends) return;
    touched.current = undefined;
    if (event.type === "pointerup" && b - a > TAP) onZoom([Math.round(self.posToVal(a, "x")), Math.round(self.posToVal(b, "x"))]);
  };

  const row = at === undefined || data.time[at] === undefined ? -1 : time.indexOf(data.time[at]!);
  const reading = at === undefined || data.time[at] === undefined ? "" : daily ? day(data.time[at]! * 1000) : `${moment(data.time[at]! * 1000, timezone)} ${zoneLabel(timezone)}`;
  const read = series.map(({ name, values, quality, band }) => {
    const flag = quality?.[row];
    return {
      name,
      value: `${format(values[row], unit)}${band ? ` (${format(band.low[row], unit, false)} to ${format(band.high[row], unit, false)})` : ""}`,
      flag: flag === 3 || flag === 4 ? FLAGS[flag] : "",
    };
  });
  const [from, to] = zoom ?? [start, end];
  const sums = useMemo(() => series.map((each) => summarise(zoom ? between(each, time, zoom) : each)), [series, time, zoom?.[0], zoom?.[1], units.value]);
  const doubtful = suspects.filter((each) => each.time >= from && each.time <= to);
  const failed = doubtful.filter(({ flag }) => flag === 4).length;
  const gaps = data.gaps.filter((gap) => gap[1] > from && gap[0] < to).length;
  const summary = series.map(({ name }, i) => `${name}: ${sums[i]}`).join(". ");
  return (
    <figure class="chart">
      <figcaption>
        <h3>{title}</h3>
        <ul class="keys">
          {series.map(({ name, colour, kind }, i) => (
            <li key={i}>
              <span class={`key ${kind}`} style={{ color: `var(${colour})` }} aria-hidden="true" />
              {name}
              {reading && <b>{read[i]!.value}</b>}
              {reading && read[i]!.flag && <em class="suspect"> {read[i]!.flag}</em>}
            </li>
          ))}
        </ul>
        <span class="reading">{reading}</span>
      </figcaption>
      <div
        class="plot"
        ref={element}
        role="slider"
        tabIndex={0}
        aria-label={`${title}. ${summary}. Left and right arrow keys read single values, plus and minus zoom.`}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, data.time.length - 1)}
        aria-valuenow={at ?? 0}
        aria-valuetext={reading ? `${reading}. ${read.map(({ name, value, flag }) => `${name} ${value} ${flag}`.trim()).join(", ")}` : "No time chosen"}
        onKeyDown={onKeyDown}
        onPointerDown={onPointer}
        onPointerMove={onPointer}
        onPointerUp={onPointer}
        onPointerCancel={onPointer}
        onDblClick={() => onZoom(undefined)}
      />
      <p class="summary">
        {series.map((each, i) => (
          <span key={i}>
            {series.length > 1 && <i>{each.name} </i>}
            {sums[i]}
          </span>
        ))}
        {doubtful.length > 0 && <span class="suspect">{doubtful.length} suspect{failed ? `, ${failed} of them failed and not counted` : ""}</span>}
        {gaps > 0 && <span>{count(gaps, "gap")}</span>}
      </p>
    </figure>
  );
}

/** What of a series is in sight. */
function between(each: Series, time: readonly number[], [from, to]: [number, number]): Series {
  const inside = <T,>(values: readonly T[]): T[] => values.filter((_, i) => time[i]! >= from && time[i]! <= to);
  return {
    ...each,
    values: inside(each.values),
    quality: each.quality && inside(each.quality),
    band: each.band && { low: inside(each.band.low), high: inside(each.band.high) },
  };
}

/** Lowest, mean and highest, or the sum of what adds up; a value that failed its test is in none of them. */
function summarise(each: Series): string {
  const { unit, kind, band } = each;
  const present = sound(each).filter((value): value is number => value !== null);
  if (!present.length) return "no values";
  const total = present.reduce((sum, value) => sum + value, 0);
  if (kind === "bars") return `${format(total, unit)} in all`;
  if (unit === "deg") return `${present.length.toLocaleString("en")} values`;
  const low = least(band ? band.low.filter((value): value is number => value !== null) : present);
  const high = most(band ? band.high.filter((value): value is number => value !== null) : present);
  return `${format(low, unit, false)} to ${format(high, unit)}, mean ${format(total / present.length, unit)}`;
}

/** Of what is between two times: what failed its test would leave the rest of the chart flat. */
function extent(time: number[], series: Series[], [from, to]: [number, number]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const each of series) {
    for (const values of [sound(each), ...(each.band ? [each.band.low, each.band.high] : [])]) {
      values.forEach((value, i) => {
        if (value === null || time[i]! < from || time[i]! > to) return;
        low = Math.min(low, value);
        high = Math.max(high, value);
      });
    }
  }
  return [low, high];
}

const AXIS_NUMBER = new Intl.NumberFormat("en", { useGrouping: false, maximumFractionDigits: 6 });

function axisNumber(value: number): string {
  return AXIS_NUMBER.format(value).replace("-", "−");
}

function least(values: number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Infinity);
}

function most(values: number[]): number {
  return values.reduce((a, b) => Math.max(a, b), -Infinity);
}

function spread(low: number, high: number, fromZero: boolean): [number, number] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  const margin = (high - low) * 0.08 || Math.abs(high) * 0.05 || 1;
  if (fromZero) return [0, high > 0 ? high * 1.1 : 1];
  return [low >= 0 && low - margin < 0 ? 0 : low - margin, high + margin];
}

// 24 hours and days first, as the rest of the page writes them: [increment, format, then what each larger unit adds]
const [MINUTE, HOUR, DAY_S] = [60, 3600, 86_400];
const AXIS_TIMES = [
  [DAY_S * 365, "{YYYY}", null, null, null, null, null, null, 1],
  [DAY_S * 28, "{MMM}", "\n{YYYY}", null, null, null, null, null, 1],
  [DAY_S, "{D} {MMM}", "\n{YYYY}", null, null, null, null, null, 1],
  [HOUR, "{HH}:{mm}", "\n{D} {MMM} {YYYY}", null, "\n{D} {MMM}", null, null, null, 1],
  [MINUTE, "{HH}:{mm}", "\n{D} {MMM} {YYYY}", null, "\n{D} {MMM}", null, null, null, 1],
  [1, "{HH}:{mm}:{ss}", "\n{D} {MMM} {YYYY}", null, "\n{D} {MMM}", null, null, null, 1],
];
