// Files: drop one and watch what becomes of it; find those that came before.

import { useEffect, useState } from "preact/hooks";
import { useAnswer, ask, Failure } from "../api";
import { bytes, count } from "../amounts";
import { change, place, type Query } from "../location";
import { named } from "../quantities";
import { Empty, Failed, Loading, Path } from "../states";
import { StatusBadge, STATUSES } from "../statuses";
import { age, day, moment, zoneLabel } from "../times";
import { Uploader } from "./uploader";

export interface FileLine {
  id: string;
  key: string;
  status: string;
  format: string | null;
  size: number;
  rows: number;
  rejected: number;
  station_count: number;
  first: string | null;
  last: string | null;
  received_at: string;
}

interface Found {
  count: number;
  complete: boolean;
  results: FileLine[];
  facets: Partial<Record<Facet, { value: string; count: number }[]>>;
  links: { rel: string; href: string }[];
}

const FACETS = ["status", "format", "station", "standard_name"] as const;
type Facet = (typeof FACETS)[number];

export function FilesView() {
  const { query } = place.value;
  return (
    <div class="page">
      <h1>Files</h1>
      <Uploader />
      <section aria-labelledby="catalogue">
        <h2 id="catalogue">Catalogue</h2>
        <Catalogue query={query} />
      </section>
    </div>
  );
}

const FIELDS = ["q", "status", "format", "station", "standard_name", "datetime"] as const;
const FACET_NAMES: Record<Facet, string> = { status: "Status", format: "Format", station: "Station", standard_name: "Observes" };
const VALUES_SHOWN = 8;

function nothing(): Query {
  return Object.fromEntries(FIELDS.map((name) => [name, ""]));
}

function Catalogue({ query }: { query: Query }) {
  const asked = Object.fromEntries(FIELDS.filter((name) => query[name]).map((name) => [name, query[name]!]));
  const sort = query.sort ?? "";
  const first = useAnswer<Found>("/search", { type: "file", ...asked, ...(sort ? { sort } : {}), facets: FACETS.join(","), limit: "50" }, 15);
  const [more, setMore] = useState<Found[]>([]);
  const [failure, setFailure] = useState<Failure>();
  useEffect(() => {
    setMore([]);
    setFailure(undefined);
  }, [JSON.stringify(asked), sort]);
  const pages = first.value ? [first.value, ...more] : [];
  const found = pages.flatMap(({ results }) => results);
  const next = pages.at(-1)?.links.find(({ rel }) => rel === "next")?.href;
  const [text, setText] = useState(query.q ?? "");
  useEffect(() => setText(query.q ?? ""), [query.q]);

  return (
    <>
      <form
        class="filters"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          change({ q: text.trim() });
        }}
      >
        <label class="wide">
          <span>Words</span>
          <input type="search" value={text} placeholder="Name of a file, station or parameter; new* for its beginning" onInput={(event) => {
            setText(event.currentTarget.value);
            if (!event.currentTarget.value) change({ q: "" });
          }} />
        </label>
        <button type="submit">Search</button>
        <label>
          <span>Observed on</span>
          <input type="date" value={query.datetime ?? ""} onChange={(event) => change({ datetime: event.currentTarget.value })} />
        </label>
        <label>
          <span>Order</span>
          <select value={sort} onChange={(event) => change({ sort: event.currentTarget.value })}>
            <option value="">Newest first</option>
            <option value="received_at">Oldest first</option>
            <option value="title">Name</option>
            <option value="-size">Largest first</option>
          </select>
        </label>
        {FIELDS.some((name) => query[name]) && <button type="button" class="link" onClick={() => change(nothing())}>Clear</button>}
      </form>
      {first.value && <Facets found={first.value} query={query} />}
      {first.failure && <Failed failure={first.failure} again={first.again} />}
      {!first.value && !first.failure && <Loading what="the catalogue" />}
      {first.value && !found.length && !first.failure && (
        <Empty title={Object.keys(asked).length ? "No file fits." : "No files yet."}>
          <p>{Object.keys(asked).length ? <button type="button" class="link" onClick={() => change(nothing())}>Show all files</button> : "Drop one above."}</p>
        </Empty>
      )}
      {found.length > 0 && (
        <div class="scroll">
          <table class="rows">
            <thead>
              <tr><th scope="col">File</th><th scope="col">Status</th><th scope="col" class="spare">Format</th><th scope="col" class="number spare">Rows</th><th scope="col" class="number spare">Stations</th><th scope="col" class="spare">Observed</th><th scope="col">Arrived</th></tr>
            </thead>
            <tbody>
              {found.map((file) => (
                <tr key={file.id}>
                  <th scope="row"><a href={`/files/${file.id}`}><Path of={file.key} /></a><span class="quiet under">{bytes(file.size)}</span></th>
                  <td><StatusBadge status={file.status} /></td>
                  <td class="spare">{file.format ?? "–"}</td>
                  <td class="number spare">{file.rows.toLocaleString("en")}{file.rejected > 0 && <span class="bad under">{count(file.rejected, "reject")}</span>}</td>
                  <td class="number spare">{file.station_count.toLocaleString("en")}</td>
                  <td class="spare">{file.first ? (file.first.slice(0, 10) === file.last?.slice(0, 10) ? day(file.first) : `${day(file.first)} – ${day(file.last!)}`) : "–"}</td>
                  <td><time dateTime={file.received_at} title={`${moment(file.received_at)} ${zoneLabel()}`}>{age(file.received_at)}</time></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {failure && <Failed failure={failure} />}
      {next && (
        <button type="button" onClick={() => ask<Found>(next).then((page) => setMore([...more, page]), setFailure)}>
          Show more
        </button>
      )}
    </>
  );
}

/** What there is among the files that fit, how much of each; a click narrows, another widens again. */
function Facets({ found, query }: { found: Found; query: Query }) {
  const shown = FACETS.filter((facet) => found.facets[facet]?.length);
  if (!shown.length) return null;
  return (
    <div class="facets">
      {shown.map((facet) => (
        <div key={facet} role="group" aria-label={FACET_NAMES[facet]}>
          <span class="quiet">{FACET_NAMES[facet]}</span>
          <div class="chips">
          {found.facets[facet]!.slice(0, VALUES_SHOWN).map(({ value, count: amount }) => {
            const chosen = query[facet] === value;
            const label = facet === "status" ? (STATUSES[value]?.name ?? value) : facet === "standard_name" ? named(value) : value;
            return (
              <button key={value} type="button" class="chip" aria-pressed={chosen} onClick={() => change({ [facet]: chosen ? "" : value })}>
                {label} <b>{amount.toLocaleString("en")}{found.complete ? "" : "+"}</b>
              </button>
            );
          })}
          </div>
        </div>
      ))}
    </div>
  );
}
