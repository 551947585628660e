// What is observed: names for people, units to choose from, and colours.

import { units } from "./settings";

/** A parameter as the API describes it: CF standard name, level, method, duration, unit (UCUM). */
export interface Parameter {
  standard_name: string;
  level: number;
  method: string;
  duration: string;
  unit: string;
}

interface Shown {
  unit: string;
  of: (value: number) => number;
  digits: number;
}

const same = (value: number) => value;
const METRIC: Record<string, Shown> = {
  Cel: { unit: "°C", of: same, digits: 1 },
  "%": { unit: "%", of: same, digits: 0 },
  hPa: { unit: "hPa", of: same, digits: 1 },
  "m/s": { unit: "m/s", of: same, digits: 1 },
  deg: { unit: "°", of: same, digits: 0 },
  mm: { unit: "mm", of: same, digits: 1 },
  "mm/h": { unit: "mm/h", of: same, digits: 1 },
  m: { unit: "km", of: (metres) => metres / 1000, digits: 1 },
  "W/m2": { unit: "W/m²", of: same, digits: 0 },
  "g/kg": { unit: "g/kg", of: same, digits: 1 },
  min: { unit: "min", of: same, digits: 0 },
  "1": { unit: "", of: same, digits: 1 },
};
const IMPERIAL: Record<string, Shown> = {
  Cel: { unit: "°F", of: (celsius) => celsius * 1.8 + 32, digits: 1 },
  hPa: { unit: "inHg", of: (hectopascals) => hectopascals / 33.8639, digits: 2 },
  "m/s": { unit: "mph", of: (metres) => metres * 2.236936, digits: 1 },
  mm: { unit: "in", of: (millimetres) => millimetres / 25.4, digits: 2 },
  "mm/h": { unit: "in/h", of: (millimetres) => millimetres / 25.4, digits: 2 },
  m: { unit: "mi", of: (metres) => metres / 1609.344, digits: 1 },
};

export function shown(unit: string): Shown {
  return (units.value === "imperial" ? IMPERIAL[unit] : undefined) ?? METRIC[unit] ?? { unit, of: same, digits: 1 };
}

const MINUS = "−";

export function format(value: number | null | undefined, unit: string, withUnit = true): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const as = shown(unit);
  const text = as.of(value).toFixed(as.digits).replace(/^-(0(\.0+)?)$/, "$1").replace("-", MINUS);
  if (!withUnit || !as.unit) return text;
  return as.unit === "°" || as.unit === "%" ? `${text}${as.unit}` : `${text} ${as.unit}`;
}

/** Number and unit apart, for where the number is written large. */
export function parts(value: number | null | undefined, unit: string): [number: string, unit: string] {
  return [format(value, unit, false), value === null || value === undefined ? "" : shown(unit).unit];
}

/** Heights and distances have their own pair of units. */
export function metres(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  return units.value === "imperial" ? `${Math.round(value / 0.3048).toLocaleString("en")} ft` : `${Math.round(value).toLocaleString("en")} m`;
}

const NAMES: Record<string, string> = {
  air_temperature: "Temperature",
  dew_point_temperature: "Dew point",
  wet_bulb_temperature: "Wet bulb",
  apparent_air_temperature: "Feels like",
  wind_chill_of_air_temperature: "Wind chill",
  heat_index_of_air_temperature: "Heat index",
  surface_temperature: "Surface temperature",
  soil_temperature: "Soil temperature",
  sea_surface_temperature: "Sea temperature",
  relative_humidity: "Humidity",
  air_pressure: "Station pressure",
  air_pressure_at_mean_sea_level: "Sea-level pressure",
  altimeter_setting: "Altimeter setting",
  tendency_of_air_pressure: "Pressure tendency",
  wind_speed: "Wind",
  wind_speed_of_gust: "Gusts",
  wind_from_direction: "Wind direction",
  wind_gust_from_direction: "Gust direction",
  precipitation_amount: "Precipitation",
  rainfall_amount: "Rain",
  rainfall_rate: "Rain rate",
  lwe_precipitation_rate: "Precipitation rate",
  thickness_of_snowfall_amount: "Snowfall",
  surface_snow_thickness: "Snow depth",
  lwe_thickness_of_surface_snow_amount: "Snow, water equivalent",
  water_evaporation_amount: "Evaporation",
  visibility_in_air: "Visibility",
  cloud_base_altitude: "Cloud base",
  cloud_area_fraction: "Cloud cover",
  surface_downwelling_shortwave_flux_in_air: "Solar radiation",
  surface_downwelling_longwave_flux_in_air: "Longwave radiation, down",
  surface_upwelling_shortwave_flux_in_air: "Reflected radiation",
  surface_upwelling_longwave_flux_in_air: "Longwave radiation, up",
  duration_of_sunshine: "Sunshine",
  ultraviolet_index: "UV index",
  volume_fraction_of_condensed_water_in_soil: "Soil moisture",
};
const METHODS: Record<string, string> = { maximum: "highest", minimum: "lowest", mean: "mean", sum: "sum" };
const DURATIONS: Record<string, string> = { P1D: "day", PT1H: "hour", PT10M: "10 min", PT5M: "5 min", PT1M: "minute", PT6H: "6 h", PT12H: "12 h", PT24H: "24 h", P1M: "month", P1Y: "year" };
const USUAL_LEVEL: Record<string, number> = { wind_speed: 10, wind_speed_of_gust: 10, wind_from_direction: 10, soil_temperature: -0.1 };

/** The parameter's name for people, with what sets it apart from its siblings: "Temperature, highest of the day". */
export function title(parameter: Parameter): string {
  const name = named(parameter.standard_name);
  const of = DURATIONS[parameter.duration] ?? parameter.duration.replace(/^PT?/, "").toLowerCase();
  const instant = parameter.duration === "PT0S";
  const method = METHODS[parameter.method] ?? (parameter.method === "point" ? "" : parameter.method.replaceAll("_", " "));
  const usual = USUAL_LEVEL[parameter.standard_name];
  const level = usual !== undefined && usual !== parameter.level ? `, ${parameter.level < 0 ? `${-parameter.level * 100} cm deep` : `${parameter.level} m`}` : "";
  if (method && !instant) return `${name}${level}, ${method} of ${of === "day" || of === "hour" || of === "month" || of === "year" ? `the ${of}` : of}`;
  if (method) return `${name}${level}, ${method}`;
  return instant ? `${name}${level}` : `${name}${level}, ${of}`;
}

export function parse(identifier: string): { standard_name: string; level: number; method: string; duration: string } {
  const [standard_name = "", level, method = "point", duration = "PT0S"] = identifier.split(":");
  return { standard_name, level: level === undefined ? (USUAL_LEVEL[standard_name] ?? 2) : Number(level), method, duration };
}

/** A CF standard name, for people. */
export function named(standardName: string): string {
  return NAMES[standardName] ?? sentence(standardName.replaceAll("_", " "));
}

export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export const FLAGS: Record<number, string> = { 1: "passed", 2: "not checked", 3: "suspect", 4: "failed", 9: "missing" };

// ---- colours ---------------------------------------------------------------------------------------------------------

type Stop = readonly [value: number, red: number, green: number, blue: number];

// Fixed scales, in canonical units, so that one colour means one value wherever and whenever it is seen
const TEMPERATURE: Stop[] = [
  [-40, 94, 44, 130], [-25, 70, 76, 168], [-12, 52, 120, 196], [0, 88, 174, 217], [6, 120, 198, 178], [12, 166, 211, 124],
  [18, 238, 215, 96], [24, 247, 164, 66], [30, 228, 92, 52], [36, 176, 34, 60], [44, 104, 12, 60],
];
const HUMIDITY: Stop[] = [[0, 186, 140, 80], [30, 219, 190, 130], [50, 214, 222, 196], [70, 116, 186, 186], [90, 38, 132, 166], [100, 18, 84, 138]];
const WIND: Stop[] = [[0, 200, 222, 232], [3, 132, 196, 200], [6, 88, 176, 132], [10, 220, 200, 80], [15, 236, 140, 60], [22, 206, 64, 84], [33, 128, 30, 120]];
const PRESSURE: Stop[] = [[970, 104, 60, 150], [990, 74, 110, 190], [1005, 110, 180, 206], [1013, 214, 218, 196], [1022, 238, 186, 96], [1035, 214, 104, 56], [1050, 150, 40, 50]];
const WATER: Stop[] = [[0, 214, 222, 226], [0.2, 170, 210, 236], [1, 96, 164, 220], [5, 44, 104, 190], [15, 84, 54, 168], [40, 150, 40, 140]];
const VISIBILITY: Stop[] = [[0, 120, 70, 90], [1000, 190, 110, 100], [5000, 224, 176, 110], [10000, 190, 206, 170], [16000, 110, 176, 190], [40000, 60, 120, 180]];
const RADIATION: Stop[] = [[0, 60, 66, 96], [100, 110, 100, 140], [300, 196, 130, 120], [600, 240, 176, 84], [900, 252, 220, 100], [1200, 255, 246, 190]];
const DIRECTION: Stop[] = [[0, 70, 110, 190], [90, 96, 170, 110], [180, 226, 130, 60], [270, 160, 80, 160], [360, 70, 110, 190]];

function scaleOf(standardName: string, unit: string): Stop[] | undefined {
  if (unit === "Cel") return TEMPERATURE;
  if (unit === "%") return HUMIDITY;
  if (unit === "m/s") return WIND;
  if (unit === "hPa") return standardName === "tendency_of_air_pressure" ? undefined : PRESSURE;
  if (unit === "mm" || unit === "mm/h") return WATER;
  if (unit === "m" && standardName === "visibility_in_air") return VISIBILITY;
  if (unit === "W/m2") return RADIATION;
  if (unit === "deg") return DIRECTION;
  return undefined;
}

export interface Scale {
  colour: (value: number) => string;
  /** Dark writing on the colour, or light. */
  ink: (value: number) => string;
  low: number;
  high: number;
  gradient: (steps: number) => string[];
}

/** Colours for a parameter; one that has no scale of its own is spread over the values that are there. */
export function scale(standardName: string, unit: string, values: readonly (number | null)[]): Scale {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    if (value === null) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const present = least <= most;
  if (!present) [least, most] = [0, 1];
  const fixed = scaleOf(standardName, unit);
  const span = most - least || 1;
  const stops: Stop[] = fixed ?? WIND.map(([at, ...colour]) => [least + (at / 33) * span, ...colour] as const);
  const rgb = (value: number): [number, number, number] => {
    const first = stops[0]!;
    if (value <= first[0]) return [first[1], first[2], first[3]];
    for (let i = 1; i < stops.length; i++) {
      const [upper, lower] = [stops[i]!, stops[i - 1]!];
      if (value <= upper[0]) {
        const share = (value - lower[0]) / (upper[0] - lower[0]);
        const mix = (a: number, b: number) => Math.round(a + (b - a) * share);
        return [mix(lower[1], upper[1]), mix(lower[2], upper[2]), mix(lower[3], upper[3])];
      }
    }
    const last = stops.at(-1)!;
    return [last[1], last[2], last[3]];
  };
  const colour = (value: number) => `rgb(${rgb(value).join(" ")})`;
  // What the legend spans: the values there are, on a little more than themselves
  const margin = Math.max(span * 0.15, fixed ? (stops.at(-1)![0] - stops[0]![0]) * 0.04 : 0);
  const [low, high] = present ? [least - margin, most + margin] : [stops[0]![0], stops.at(-1)![0]];
  const floor = unit === "Cel" || standardName === "tendency_of_air_pressure" ? low : Math.max(low, 0);
  return {
    colour,
    ink: (value) => {
      const [r, g, b] = rgb(value);
      return 0.299 * r + 0.587 * g + 0.114 * b > 140 ? "#10202e" : "#ffffff";
    },
    low: floor,
    high: unit === "%" ? Math.min(high, 100) : high,
    gradient: (steps) => Array.from({ length: steps }, (_, i) => colour(floor + ((high - floor) * i) / (steps - 1))),
  };
}
