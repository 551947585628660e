// A year at a glance: how much of each day arrived.

import { useState } from "preact/hooks";
import { day } from "../times";

const DAY_MS = 86_400_000;
const CELL = 13;
// Weeks stand side by side, their days below each other
const STEPS: Record<string, number> = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -7, ArrowRight: 7, PageUp: -28, PageDown: 28, Home: -366, End: 366 };

/** `counts` says how many values each day has, `expected` how many a whole day has. */
export function Calendar({ year, counts, expected, chosen, onChoose }: { year: number; counts: Map<string, number>; expected: number; chosen: string; onChoose: (date: string) => void }) {
  const first = Date.UTC(year, 0, 1);
  const days = Math.round((Date.UTC(year + 1, 0, 1) - first) / DAY_MS);
  const shift = (new Date(first).getUTCDay() + 6) % 7; // weeks begin on Monday
  const weeks = Math.ceil((days + shift) / 7);
  const dates = Array.from({ length: days }, (_, i) => new Date(first + i * DAY_MS).toISOString().slice(0, 10));
  const got = dates.reduce((sum, date) => sum + Math.min(counts.get(date) ?? 0, expected), 0);
  const present = dates.filter((date) => counts.get(date)).length;
  const [cursor, setCursor] = useState<number>();
  const reading = (date: string) => `${day(`${date}T12:00:00Z`)}: ${counts.get(date) ?? 0} of ${expected} values`;
  const current = cursor ?? Math.max(dates.indexOf(chosen), 0);
  const onKeyDown = (event: KeyboardEvent) => {
    const by = STEPS[event.key];
    if (by !== undefined) setCursor(Math.max(0, Math.min(days - 1, cursor === undefined ? current : current + by)));
    else if (event.key === "Enter" || event.key === " ") onChoose(dates[current]!);
    else return;
    event.preventDefault();
  };
  const said = `${present} of ${days} days have values; ${((got / (days * expected || 1)) * 100).toFixed(1)} % of what a whole year would have`;
  return (
    <figure class="calendar">
      <div
        class="days"
        tabIndex={0}
        role="slider"
        aria-label={`Completeness of ${year}. ${said}. Arrow keys go through the days, Enter shows one.`}
        aria-valuemin={1}
        aria-valuemax={days}
        aria-valuenow={current + 1}
        aria-valuetext={reading(dates[current]!)}
        onKeyDown={onKeyDown}
        onBlur={() => setCursor(undefined)}
      >
      <svg viewBox={`-26 -16 ${weeks * CELL + 28} ${7 * CELL + 18}`} aria-hidden="true">
        {["Mon", "Wed", "Fri"].map((name, i) => (
          <text key={name} x="-26" y={i * 2 * CELL + 10}>
            {name}
          </text>
        ))}
        {Array.from({ length: 12 }, (_, month) => {
          const at = Math.round((Date.UTC(year, month, 1) - first) / DAY_MS) + shift;
          return (
            <text key={month} x={Math.ceil(at / 7) * CELL} y="-5">
              {new Intl.DateTimeFormat("en-GB", { month: "short", timeZone: "UTC" }).format(Date.UTC(year, month, 1))}
            </text>
          );
        })}
        {dates.map((date, i) => {
          const share = Math.min(1, (counts.get(date) ?? 0) / (expected || 1));
          const level = share === 0 ? 0 : share < 0.5 ? 1 : share < 0.9 ? 2 : share < 1 ? 3 : 4;
          const at = i + shift;
          return (
            <rect
              key={date}
              class={`level-${level} ${date === chosen ? "chosen" : ""} ${i === cursor ? "cursor" : ""}`}
              x={Math.floor(at / 7) * CELL}
              y={(at % 7) * CELL}
              width={CELL - 2}
              height={CELL - 2}
              rx="2.5"
              onClick={() => onChoose(date)}
            >
              <title>{reading(date)}</title>
            </rect>
          );
        })}
      </svg>
      </div>
      <p class="summary">
        {cursor === undefined ? <span>{said}.</span> : <b>{reading(dates[current]!)}. Enter shows the day.</b>}
        <span class="keys">
          none <i class="level-0" /> <i class="level-1" /> <i class="level-2" /> <i class="level-3" /> <i class="level-4" /> all
        </span>
      </p>
    </figure>
  );
}
