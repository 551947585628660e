// What the reader chose for everything: units, time zone, light or dark. Kept in this browser; a link may carry its own.

import { computed, effect, signal } from "@preact/signals";
import { change, place } from "./location";

const choices = {
  units: ["metric", "imperial"],
  zone: ["utc", "station", "local"],
  theme: ["auto", "light", "dark"],
} as const;

export type Units = (typeof choices.units)[number];
export type Zone = (typeof choices.zone)[number];
export type Theme = (typeof choices.theme)[number];

type Name = keyof typeof choices;

function kept(name: Name): string {
  try {
    return window.localStorage.getItem(`mesonet.${name}`) ?? "";
  } catch {
    return ""; // a browser that keeps nothing
  }
}

function valid<N extends Name>(name: N, text: string | undefined): (typeof choices)[N][number] {
  const allowed: readonly string[] = choices[name];
  return (text !== undefined && allowed.includes(text) ? text : choices[name][0]) as (typeof choices)[N][number];
}

const stored = { units: signal(kept("units")), zone: signal(kept("zone")), theme: signal(kept("theme")) };

/** The link decides, then what was chosen here before. */
export const units = computed(() => valid("units", place.value.query.units ?? stored.units.value));
export const zone = computed(() => valid("zone", place.value.query.zone ?? stored.zone.value));
export const theme = computed(() => valid("theme", stored.theme.value));

export function choose(name: Name, value: string): void {
  stored[name].value = value;
  try {
    window.localStorage.setItem(`mesonet.${name}`, value);
  } catch {
    // holds until the page is closed
  }
  if (place.value.query[name] !== undefined) change({ [name]: "" });
}

const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");
const systemDark = signal(prefersDark.matches);
prefersDark.addEventListener("change", () => {
  systemDark.value = prefersDark.matches;
});

export const dark = computed(() => (theme.value === "auto" ? systemDark.value : theme.value === "dark"));

effect(() => {
  document.documentElement.dataset.theme = dark.value ? "dark" : "light";
});
