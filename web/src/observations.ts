// A station's observations: asked for page by page, made ready for charts.

import { ask } from "./api";
import type { Query } from "./location";
import type { Parameter } from "./quantities";

export interface Column extends Parameter {
  values: (number | null)[];
  quality?: number[];
  received?: string[];
}

export interface Observations {
  station: string;
  interval: { start: string; end: string };
  count: number;
  time: string[];
  parameters: Record<string, Column>;
  links: { rel: string; href: string }[];
}

export interface Days {
  station: string;
  date: string[];
  parameters: Record<string, Parameter & { count: number[]; minimum: (number | null)[]; mean: (number | null)[]; maximum: (number | null)[]; total: (number | null)[]; suspect: number[] }>;
}

const MOST_PAGES = 12; // some 100,000 rows: a month of a value every half minute

export interface Table {
  /** Seconds since 1970, ascending. */
  time: number[];
  columns: Map<string, Column>;
  /** Where the rows end because there were too many, in seconds. */
  cutAt?: number;
}

export async function observations(station: string, query: Query, signal: AbortSignal): Promise<Table> {
  const time: number[] = [];
  const columns = new Map<string, Column>();
  let next: string | undefined = `/stations/${encodeURIComponent(station)}/observations`;
  let asked: Query = { ...query, details: "true", limit: "10000" };
  for (let page = 0; next && page < MOST_PAGES; page++) {
    const answer: Observations = await ask<Observations>(next, asked, { signal });
    append(time, columns, answer);
    next = answer.links.find(({ rel }) => rel === "next")?.href;
    asked = {};
  }
  return { time, columns, ...(next ? { cutAt: time.at(-1)! } : {}) };
}

function append(time: number[], columns: Map<string, Column>, answer: Observations): void {
  const before = time.length;
  for (const text of answer.time) time.push(Date.parse(text) / 1000);
  for (const [name, column] of Object.entries(answer.parameters)) {
    let known = columns.get(name);
    if (!known) {
      known = { ...column, values: Array<null>(before).fill(null), quality: Array<number>(before).fill(9) };
      columns.set(name, known);
    }
    known.values.push(...column.values);
    known.quality!.push(...(column.quality ?? column.values.map(() => 2)));
  }
  for (const column of columns.values()) {
    while (column.values.length < time.length) {
      column.values.push(null);
      column.quality!.push(9);
    }
  }
}

/** The values without those that failed their test (QARTOD 4). */
export function sound({ values, quality }: { values: (number | null)[]; quality?: number[] | undefined }): (number | null)[] {
  return quality ? values.map((value, i) => (quality[i] === 4 ? null : value)) : values;
}

/** The usual time between two values, in seconds: the median. */
export function usualStep(time: readonly number[], values: readonly (number | null | undefined)[]): number {
  const steps: number[] = [];
  let before: number | undefined;
  for (let i = 0; i < time.length; i++) {
    if (values[i] === null || values[i] === undefined) continue;
    if (before !== undefined) steps.push(time[i]! - before);
    before = time[i];
  }
  steps.sort((a, b) => a - b);
  return steps[steps.length >> 1] ?? 3600;
}

const STILL_CONNECTED = 2.5; // of the usual step: one missing value is bridged by no line, but a late one is

/**
 * Series on a common time axis, as uPlot reads them: `null` breaks the line, `undefined` does not. Where a series has not said
 * anything for longer than usual, the line breaks.
 */
export function withGaps(time: readonly number[], series: readonly (readonly (number | null)[])[]): { time: number[]; series: (number | null | undefined)[][]; gaps: [from: number, to: number][] } {
  const breaks = new Set<number>();
  const steps = series.map((values) => usualStep(time, values));
  series.forEach((values, s) => {
    let before: number | undefined;
    for (let i = 0; i < time.length; i++) {
      if (values[i] === null) continue;
      if (before !== undefined && time[i]! - before > STILL_CONNECTED * steps[s]!) breaks.add(before + steps[s]!);
      before = time[i]!;
    }
  });
  const all = [...new Set([...time, ...breaks])].sort((a, b) => a - b);
  const at = new Map(time.map((each, i) => [each, i]));
  const gaps: [number, number][] = [];
  const out = series.map((values, s) => {
    const filled: (number | null | undefined)[] = all.map((each) => {
      const i = at.get(each);
      return i === undefined ? undefined : (values[i] ?? undefined);
    });
    let last = -1;
    for (let i = 0; i < all.length; i++) {
      if (filled[i] === undefined) continue;
      if (last >= 0 && all[i]! - all[last]! > STILL_CONNECTED * steps[s]!) {
        gaps.push([all[last]!, all[i]!]);
        filled.fill(null, last + 1, i); // the whole of it: uPlot leaves out no more than what is null
      }
      last = i;
    }
    return filled;
  });
  return { time: all, series: out, gaps };
}
