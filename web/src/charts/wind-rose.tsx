// Where the wind came from, how often and how strong: sixteen directions, each in classes of speed.

import { shown } from "../quantities";

const SECTORS = 16;
const NAMES = ["N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW"];
const CALM = 0.5; // m/s: below that a vane points where it likes (WMO-No. 8 counts under 0.5 m/s as calm)
const CLASSES = [3, 6, 9, 12, Infinity]; // upper limits, m/s

export function windRose(speeds: readonly (number | null)[], directions: readonly (number | null)[]) {
  const sectors = Array.from({ length: SECTORS }, () => CLASSES.map(() => 0));
  let [total, calm] = [0, 0];
  speeds.forEach((speed, i) => {
    const from = directions[i];
    if (speed === null) return;
    if (speed < CALM) {
      calm++;
      total++;
      return;
    }
    if (from === null || from === undefined) return;
    total++;
    const sector = Math.round(from / (360 / SECTORS)) % SECTORS;
    sectors[sector]![CLASSES.findIndex((limit) => speed < limit)]!++;
  });
  return { sectors, total, calm };
}

export function WindRose({ speeds, directions }: { speeds: (number | null)[]; directions: (number | null)[] }) {
  const { sectors, total, calm } = windRose(speeds, directions);
  if (!total) return null;
  const shares = sectors.map((classes) => classes.reduce((sum, each) => sum + each, 0) / total);
  const largest = Math.max(...shares, 0.01);
  const rings = [0.25, 0.5, 0.75, 1].map((part) => part * largest);
  const radius = (share: number) => 14 + (share / largest) * 86;
  const main = shares.indexOf(Math.max(...shares));
  const said = `Mostly from ${NAMES[main]}, ${percent(shares[main]!)} of the time; calm ${percent(calm / total)}`;
  return (
    <figure class="rose">
      <figcaption>
        <h3>Wind rose</h3>
      </figcaption>
      <svg viewBox="-125 -125 250 250" role="img" aria-label={`Wind rose. ${said}`}>
        {rings.map((share) => (
          <circle key={share} r={radius(share)} class="ring" />
        ))}
        {["N", "E", "S", "W"].map((name, i) => (
          <text key={name} x={Math.sin((i * Math.PI) / 2) * 113} y={-Math.cos((i * Math.PI) / 2) * 113 + 4}>
            {name}
          </text>
        ))}
        {sectors.map((classes, sector) => {
          let before = 0;
          return classes.map((amount, i) => {
            if (!amount) return null;
            const from = before / total;
            before += amount;
            return (
              <path key={`${sector}-${i}`} class={`speed-${i}`} d={wedge(sector, radius(from), radius(before / total))}>
                <title>
                  {NAMES[sector]}, {className(i)}: {percent(amount / total)}
                </title>
              </path>
            );
          });
        })}
        <circle r="13" class="calm" />
        <text class="small" y="4">{percent(calm / total)}</text>
        <text class="small" x={radius(largest) * 0.72 + 6} y={-radius(largest) * 0.72}>{percent(largest)}</text>
      </svg>
      <ul class="keys">
        {CLASSES.map((_, i) => (
          <li key={i}>
            <span class={`key fill speed-${i}`} aria-hidden="true" />
            {className(i)}
          </li>
        ))}
      </ul>
      <p class="summary">{said}.</p>
    </figure>
  );
}

function className(i: number): string {
  const as = shown("m/s");
  const limit = (at: number) => as.of(CLASSES[at]!).toFixed(0);
  if (i === 0) return `under ${limit(0)} ${as.unit}`;
  if (i === CLASSES.length - 1) return `${limit(i - 1)} ${as.unit} and more`;
  return `${limit(i - 1)} to ${limit(i)} ${as.unit}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share && share < 0.1 ? 1 : 0)} %`;
}

function wedge(sector: number, inner: number, outer: number): string {
  const half = (Math.PI / SECTORS) * 0.86;
  const middle = (sector * 2 * Math.PI) / SECTORS;
  const point = (r: number, angle: number) => `${(r * Math.sin(angle)).toFixed(2)} ${(-r * Math.cos(angle)).toFixed(2)}`;
  return `M${point(inner, middle - half)}L${point(outer, middle - half)}A${outer} ${outer} 0 0 1 ${point(outer, middle + half)}L${point(inner, middle + half)}A${inner} ${inner} 0 0 0 ${point(inner, middle - half)}Z`;
}
