// Times for people, in the zone that they chose.

import { zone } from "./settings";

const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** The name of the zone to show times in; a station's own where that was chosen and the station says it. */
export function zoneName(station?: string | null): string {
  if (zone.value === "utc") return "UTC";
  if (zone.value === "station" && station) return station;
  return zone.value === "station" ? "UTC" : Intl.DateTimeFormat().resolvedOptions().timeZone;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(options: Intl.DateTimeFormatOptions, timeZone: string): Intl.DateTimeFormat {
  const key = timeZone + JSON.stringify(options);
  let found = formatters.get(key);
  if (!found) {
    try {
      found = new Intl.DateTimeFormat("en-GB", { ...options, timeZone, hourCycle: "h23" });
    } catch {
      found = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC", hourCycle: "h23" }); // a zone this browser lacks
    }
    formatters.set(key, found);
  }
  return found;
}

/** A year before the common calendar's usual four digits is not what this page is for; anything else shows with its year. */
export function moment(time: number | string, station?: string | null, seconds = false): string {
  const options: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", ...(seconds ? { second: "2-digit" } : {}) };
  return formatter(options, zoneName(station)).format(new Date(time));
}

export function clock(time: number | string, station?: string | null): string {
  return formatter({ hour: "2-digit", minute: "2-digit" }, zoneName(station)).format(new Date(time));
}

export function day(time: number | string, station?: string | null): string {
  return formatter({ day: "numeric", month: "short", year: "numeric" }, zoneName(station)).format(new Date(time));
}

export function weekday(time: number | string, station?: string | null): string {
  return formatter({ weekday: "short", day: "numeric", month: "short" }, zoneName(station)).format(new Date(time));
}

export function zoneLabel(station?: string | null): string {
  const name = zoneName(station);
  return name === "UTC" ? "UTC" : name.replaceAll("_", " ");
}

/** How long before `now` that was, in the largest unit that says enough. */
export function age(time: number | string, now = Date.now()): string {
  const seconds = Math.round((now - new Date(time).getTime()) / 1000);
  if (seconds < 0) return "in the future";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} h ago`;
  if (seconds < 90 * 86_400) return `${Math.round(seconds / 86_400)} days ago`;
  const years = seconds / (365.25 * 86_400);
  return years < 2 ? `${Math.round(years * 12)} months ago` : `${Math.floor(years)} years ago`;
}

export function iso(time: number): string {
  return new Date(time).toISOString().replace(".000Z", "Z");
}
