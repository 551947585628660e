// The frame around every view: where one can go, and what holds everywhere.

import { useEffect } from "preact/hooks";
import { decoded, place } from "./location";
import { choose, theme, units, zone } from "./settings";
import { Empty } from "./states";
import { FilesView } from "./views/files";
import { FileView } from "./views/file";
import { HealthView } from "./views/health";
import { NetworkView } from "./views/network";
import { StationView } from "./views/station";
import { StationsView } from "./views/stations";

const SECTIONS = [
  { path: "/", name: "Map", icon: "M9 3 3 5.5v15.5l6-2.5 6 2.5 6-2.5V3l-6 2.5L9 3Zm0 0v15.5m6-13v15.5" },
  { path: "/stations", name: "Stations", icon: "M12 21v-8m-4.5.5a6 6 0 1 1 9 0M5 16.5a10 10 0 1 1 14 0M12 9.5h.01" },
  { path: "/files", name: "Files", icon: "M6 3h8l4 4v14H6V3Zm8 0v4h4M9 12h6m-6 4h6" },
  { path: "/health", name: "Health", icon: "M3 12h4l3-8 4 16 3-8h4" },
];

export function App() {
  const { path } = place.value;
  useEffect(() => {
    document.title = `${heading(path)} · Mesonet`;
  }, [path]);
  return (
    <>
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <header class="top">
        <a class="brand" href="/">
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <path d="M16 16v10M10.5 20a7.5 7.5 0 0 1 0-10M21.5 20a7.5 7.5 0 0 0 0-10M6.8 23a12.5 12.5 0 0 1 0-16M25.2 23a12.5 12.5 0 0 0 0-16" />
            <circle cx="16" cy="15" r="3" />
          </svg>
          <span>Mesonet</span>
        </a>
        <nav aria-label="Views">
          {SECTIONS.map(({ path: to, name, icon }) => (
            <a key={to} href={to} aria-current={isIn(path, to) ? "page" : undefined}>
              <svg viewBox="0 0 24 24" aria-hidden="true">
                <path d={icon} />
              </svg>
              {name}
            </a>
          ))}
        </nav>
        <Settings />
      </header>
      <main id="content" tabIndex={-1} class={path === "/" ? "whole" : ""}>
        <View path={path} />
      </main>
    </>
  );
}

function View({ path }: { path: string }) {
  const [, section = "", ...rest] = path.split("/");
  const name = rest.length ? decoded(rest.join("/")) : "";
  if (section === "") return <NetworkView />;
  if (section === "stations") return name ? <StationView key={name} id={name} /> : <StationsView />;
  if (section === "files") return name ? <FileView key={name} id={name} /> : <FilesView />;
  if (section === "health" && !name) return <HealthView />;
  return (
    <div class="page">
      <h1>Nothing here</h1>
      <Empty title="There is no such view.">
        <p>
          The address may be cut off. <a href="/">Go to the map</a>.
        </p>
      </Empty>
    </div>
  );
}

function Settings() {
  return (
    <details class="settings" onToggle={closeOutside}>
      <summary>
        <span class="unseen">Settings:</span>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M4 7h9m5 0h2M4 17h3m5 0h8M13 4.5v5M7 14.5v5" />
        </svg>
        <span>
          {units.value === "metric" ? "°C" : "°F"} · {zone.value === "utc" ? "UTC" : zone.value === "station" ? "station time" : "my time"}
        </span>
      </summary>
      <div class="panel">
        <Choice name="units" title="Units" value={units.value} options={[["metric", "Metric: °C, m/s, hPa, mm"], ["imperial", "US: °F, mph, inHg, in"]]} />
        <Choice name="zone" title="Time zone" value={zone.value} options={[["utc", "UTC"], ["station", "The station's own"], ["local", "Mine"]]} />
        <Choice name="theme" title="Appearance" value={theme.value} options={[["auto", "As the system"], ["light", "Light"], ["dark", "Dark"]]} />
      </div>
    </details>
  );
}

function Choice({ name, title, value, options }: { name: "units" | "zone" | "theme"; title: string; value: string; options: [string, string][] }) {
  return (
    <fieldset>
      <legend>{title}</legend>
      {options.map(([option, label]) => (
        <label key={option}>
          <input type="radio" name={name} value={option} checked={value === option} onChange={() => choose(name, option)} />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

/** An open panel closes when the reader goes on elsewhere, or asks for it with Escape. */
function closeOutside(event: Event): void {
  const details = event.currentTarget as HTMLDetailsElement;
  if (!details.open) return;
  const close = (next: Event) => {
    if (next instanceof KeyboardEvent ? next.key !== "Escape" : details.contains(next.target as Node)) return;
    details.open = false;
    if (next instanceof KeyboardEvent) details.querySelector("summary")?.focus();
    document.removeEventListener("pointerdown", close);
    document.removeEventListener("keydown", close);
  };
  document.addEventListener("pointerdown", close);
  document.addEventListener("keydown", close);
}

function isIn(path: string, section: string): boolean {
  return section === "/" ? path === "/" : path === section || path.startsWith(`${section}/`);
}

function heading(path: string): string {
  const section = SECTIONS.find(({ path: to }) => isIn(path, to));
  const rest = path.split("/").slice(2).join("/");
  if (section?.path === "/stations" && rest) return decoded(rest);
  return section?.name ?? "Nothing here";
}
