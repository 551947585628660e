// What the API says of the network as a whole.

import type { Parameter } from "./quantities";

export const STATES = ["reporting", "late", "silent", "suspect", "unheard"] as const;
export type State = (typeof STATES)[number];

export const STATE_NAMES: Record<State, string> = {
  reporting: "Reporting",
  late: "Late",
  silent: "Silent",
  suspect: "Suspect",
  unheard: "Not heard yet",
};

/** `/network/latest`: every station in one answer, column by column. */
export interface Latest {
  time: string;
  newest: string | null;
  late_after: string;
  silent_after: string;
  count: number;
  parameters: Record<string, Parameter & { stations: number }>;
  parameter: (Parameter & { id: string }) | null;
  stations: {
    id: string[];
    name: (string | null)[];
    longitude: (number | null)[];
    latitude: (number | null)[];
    elevation_m: (number | null)[];
    newest: (string | null)[];
    state: State[];
    value?: (number | null)[];
    time?: (string | null)[];
    quality?: (number | null)[];
    direction?: (number | null)[];
  };
}

/** `/network/history`: the last value of each hour of a day, station by station. */
export interface History {
  parameter: Parameter & { id: string };
  time: string[];
  stations: { id: string[]; values: (number | null)[][] };
  complete: boolean;
}

/** `/network`: how the network is doing. */
export interface Network {
  time: string;
  newest: string | null;
  late_after: string;
  silent_after: string;
  stations: Record<State, number> & { total: number };
  files: { status: string; files: number; rows: number; bytes: number }[];
  arrivals: { start: string; files: number; rows: number; bytes: number }[];
  dead_letters: { queue: string; messages: number; what: string }[];
  attention: { id: string; name: string | null; state: State; newest: string | null }[];
  rejects: { rows: number; reasons: { reason: string; rows: number; files: number }[] };
}
