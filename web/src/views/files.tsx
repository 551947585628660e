// Files: drop one and watch what becomes of it; find those that came before.

import { useEffect, useState } from "preact/hooks";
import { useAnswer, ask, Failure } from "../api";
import { bytes, count } from "../amounts";
import { change, place, type Query } from "../location";
import { Empty, Failed, Loading } from "../states";
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

interface Files {
  count: number;
  files: FileLine[];
  links: { rel: string; href: string }[];
}

export const STATUSES: Record<string, { name: string; what: string; tone: "good" | "fair" | "bad" | "none" }> = {
  ok: { name: "Taken", what: "Everything in it was taken.", tone: "good" },
  partial: { name: "In part", what: "Some rows or fields were not taken.", tone: "fair" },
  rejected: { name: "Rejected", what: "The format is known; nothing in it could be used.", tone: "bad" },
  unmapped: { name: "Needs a mapping", what: "A table, but nobody has said what its columns mean.", tone: "fair" },
  unknown: { name: "Not recognised", what: "No format recognises it.", tone: "bad" },
  empty: { name: "Empty", what: "It has no bytes.", tone: "none" },
  deleted: { name: "Deleted", what: "The object was removed; its observations are withdrawn.", tone: "none" },
};

export function StatusBadge({ status }: { status: string }) {
  const known = STATUSES[status] ?? { name: status, what: "", tone: "none" };
  return <span class={`badge tone-${known.tone}`} title={known.what}>{known.name}</span>;
}

export function FilesView() {
  const { query } = place.value;
  return (
    <div class="page">
      <h1>Files</h1>
      <Uploader />
      <section aria-labelledby="catalogue">
        <h2 id="catalogue">Catalogue</h2>
        <Filters query={query} />
        <Catalogue query={query} />
      </section>
    </div>
  );
}

const FIELDS = ["station", "format", "status", "datetime"] as const;

function Filters({ query }: { query: Query }) {
  const formats = useAnswer<{ counts: { format: string; files: number }[] }>("/files/counts", { by: "format" }, 30);
  const statuses = useAnswer<{ counts: { status: string; files: number }[] }>("/files/counts", { by: "status" }, 30);
  const set = (name: string, value: string) => change({ [name]: value });
  return (
    <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
      <label>
        <span>Status</span>
        <select value={query.status ?? ""} onChange={(event) => set("status", event.currentTarget.value)}>
          <option value="">Any</option>
          {Object.entries(STATUSES).map(([status, { name }]) => {
            const found = statuses.value?.counts.find((each) => each.status === status)?.files ?? 0;
            return <option key={status} value={status}>{name} ({found.toLocaleString("en")})</option>;
          })}
        </select>
      </label>
      <label>
        <span>Format</span>
        <select value={query.format ?? ""} onChange={(event) => set("format", event.currentTarget.value)}>
          <option value="">Any</option>
          {(formats.value?.counts ?? []).map(({ format, files }) => <option key={format} value={format}>{format} ({files.toLocaleString("en")})</option>)}
        </select>
      </label>
      <label>
        <span>Station</span>
        <input type="search" value={query.station ?? ""} placeholder="Identifier" onChange={(event) => set("station", event.currentTarget.value.trim())} />
      </label>
      <label>
        <span>Observed on</span>
        <input type="date" value={query.datetime ?? ""} onChange={(event) => set("datetime", event.currentTarget.value)} />
      </label>
      {FIELDS.some((name) => query[name]) && <button type="button" class="link" onClick={() => change(Object.fromEntries(FIELDS.map((name) => [name, ""])))}>Clear</button>}
    </form>
  );
}

function Catalogue({ query }: { query: Query }) {
  const asked = Object.fromEntries(FIELDS.filter((name) => query[name]).map((name) => [name, query[name]!]));
  const first = useAnswer<Files>("/files", { ...asked, limit: "50" }, 15);
  const [more, setMore] = useState<Files[]>([]);
  const [failure, setFailure] = useState<Failure>();
  useEffect(() => {
    setMore([]);
    setFailure(undefined);
  }, [JSON.stringify(asked)]);
  const pages = first.value ? [first.value, ...more] : [];
  const found = pages.flatMap(({ files }) => files);
  const next = pages.at(-1)?.links.find(({ rel }) => rel === "next")?.href;

  return (
    <>
      {first.failure && <Failed failure={first.failure} again={first.again} />}
      {!first.value && !first.failure && <Loading what="the catalogue" />}
      {first.value && !found.length && !first.failure && (
        <Empty title={Object.keys(asked).length ? "No file fits." : "No files yet."}>
          <p>{Object.keys(asked).length ? <button type="button" class="link" onClick={() => change(Object.fromEntries(FIELDS.map((name) => [name, ""])))}>Show all files</button> : "Drop one above."}</p>
        </Empty>
      )}
      {found.length > 0 && (
        <div class="scroll">
          <table class="rows">
            <thead>
              <tr><th scope="col">File</th><th scope="col">Status</th><th scope="col">Format</th><th scope="col" class="number">Rows</th><th scope="col" class="number">Stations</th><th scope="col">Observed</th><th scope="col">Arrived</th></tr>
            </thead>
            <tbody>
              {found.map((file) => (
                <tr key={file.id}>
                  <th scope="row"><a href={`/files/${file.id}`}>{file.key}</a><span class="quiet under">{bytes(file.size)}</span></th>
                  <td><StatusBadge status={file.status} /></td>
                  <td>{file.format ?? "–"}</td>
                  <td class="number">{file.rows.toLocaleString("en")}{file.rejected > 0 && <span class="bad under">{count(file.rejected, "reject")}</span>}</td>
                  <td class="number">{file.station_count.toLocaleString("en")}</td>
                  <td>{file.first ? (file.first.slice(0, 10) === file.last?.slice(0, 10) ? day(file.first) : `${day(file.first)} – ${day(file.last!)}`) : "–"}</td>
                  <td><time dateTime={file.received_at} title={`${moment(file.received_at)} ${zoneLabel()}`}>{age(file.received_at)}</time></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {failure && <Failed failure={failure} />}
      {next && (
        <button type="button" onClick={() => ask<Files>(next).then((page) => setMore([...more, page]), setFailure)}>
          Show more
        </button>
      )}
    </>
  );
}
