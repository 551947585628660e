// One file: what was understood of it, what was not and why, and whether it is loaded.

import { useEffect, useState } from "preact/hooks";
import { ask, useAnswer, url, Failure } from "../api";
import { bytes, count } from "../amounts";
import type { FileEntry, RejectsPage } from "../catalogue";
import { Failed, Path, Shown } from "../states";
import { StatusBadge, STATUSES } from "../statuses";
import { day, moment, zoneLabel } from "../times";
import { putMapping } from "../uploads";

export function FileView({ id }: { id: string }) {
  const file = useAnswer<FileEntry>(`/files/${encodeURIComponent(id)}`, {}, 5);
  return (
    <div class="page">
      <p class="crumbs"><a href="/files">Files</a> / {id}</p>
      <h1 class="key">{file.value ? <Path of={file.value.key} /> : "File"}</h1>
      <Shown answer={file} what="the file">{(entry) => <FileFacts entry={entry} whole />}</Shown>
    </div>
  );
}

const STATIONS_SHOWN = 12;
const MEMBERS_SHOWN = 50;

export function FileFacts({ entry, whole = false }: { entry: FileEntry; whole?: boolean }) {
  const { loading, format } = entry;
  const stations = Object.entries(entry.stations);
  return (
    <div class="entry">
      <p class="verdict">
        <StatusBadge status={entry.status} /> {STATUSES[entry.status]?.what}
        {loading.state === "loaded" && <> <b>{count(loading.values, "value")}</b> of {count(loading.stations, "station")} can be asked for.</>}
        {loading.state === "pending" && <> It is being loaded.</>}
        {loading.state === "failed" && <span class="bad"> It could not be loaded: {loading.reason}</span>}
      </p>
      <dl class="facts">
        <div><dt>Format</dt><dd>{format?.name ?? "–"}{format?.why && <span class="quiet under">{format.why}</span>}</dd></div>
        <div><dt>Rows</dt><dd>{entry.rows.toLocaleString("en")}</dd></div>
        <div><dt>Rejects</dt><dd>{entry.rejected.toLocaleString("en")}</dd></div>
        {entry.first && <div><dt>Observed</dt><dd>{day(entry.first)} – {day(entry.last!)}</dd></div>}
        <div><dt>Size</dt><dd>{bytes(entry.size)}{entry.compression ? `, ${entry.compression}` : ""}{entry.encoding ? `, ${entry.encoding}` : ""}</dd></div>
        {entry.archive && <div><dt>In the archive</dt><dd>{entry.archive}</dd></div>}
        {entry.mapping && <div><dt>Mapping</dt><dd>{entry.mapping}</dd></div>}
        {whole && <div><dt>Arrived</dt><dd>{moment(entry.received_at)} {zoneLabel()}</dd></div>}
        {whole && entry.sha256 && <div class="wide"><dt>SHA-256</dt><dd class="id">{entry.sha256}</dd></div>}
      </dl>
      {entry.members.length > 0 && (
        <details open={whole}>
          <summary>{count(entry.members.length, "file")} in this archive, each with an entry of its own</summary>
          <ul class="members">
            {entry.members.slice(0, MEMBERS_SHOWN).map((name) => <li key={name}><a href={`/files?q=${encodeURIComponent(name)}`}>{name}</a></li>)}
            {entry.members.length > MEMBERS_SHOWN && <li class="quiet">and {(entry.members.length - MEMBERS_SHOWN).toLocaleString("en")} more</li>}
          </ul>
        </details>
      )}
      {stations.length > 0 && (
        <p class="chips">
          {stations.slice(0, STATIONS_SHOWN).map(([id, rows]) => <a key={id} class="chip" href={`/stations/${encodeURIComponent(id)}`}>{id} <span class="quiet">{rows.toLocaleString("en")}</span></a>)}
          {entry.station_count > STATIONS_SHOWN && <span class="quiet">and {(entry.station_count - STATIONS_SHOWN).toLocaleString("en")} more</span>}
        </p>
      )}
      {entry.columns.length > 0 && (
        <details open={whole}>
          <summary>{count(entry.column_count, "column")}{entry.status === "unmapped" ? "" : " understood"}</summary>
          <div class="scroll">
            <table class="rows">
              <thead><tr><th scope="col">Column</th><th scope="col">Means</th><th scope="col">Unit</th><th scope="col" class="number">Values</th><th scope="col" class="number">Missing</th><th scope="col" class="number">Lowest</th><th scope="col" class="number">Highest</th></tr></thead>
              <tbody>
                {entry.columns.map((column, i) => (
                  <tr key={i}>
                    <th scope="row">{column.name}</th>
                    <td>{column.parameter ?? (column.kind === "time" ? "time" : column.kind === "station" ? "station" : <span class="quiet">not taken</span>)}</td>
                    <td>{column.unit_received ?? ""}{column.unit && column.unit !== column.unit_received ? <span class="quiet"> → {column.unit}</span> : null}</td>
                    <td class="number">{column.values.toLocaleString("en")}</td>
                    <td class="number">{column.missing.toLocaleString("en")}</td>
                    <td class="number">{column.minimum ?? ""}</td>
                    <td class="number">{column.maximum ?? ""}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      )}
      {entry.rejected > 0 && <Rejects entry={entry} />}
      {entry.status === "unmapped" && <Proposed entry={entry} />}
      {entry.status === "unknown" && <p class="notice">No format recognises it{entry.format?.why ? `: ${entry.format.why}` : ""}. Its bytes stay in the archive, and are read again when that changes.</p>}
    </div>
  );
}

function Rejects({ entry }: { entry: FileEntry }) {
  const [pages, setPages] = useState<RejectsPage[]>([]);
  const [failure, setFailure] = useState<Failure>();
  const [csv, setCsv] = useState("");
  useEffect(() => {
    setPages([]);
    void url(`/files/${entry.id}/rejects`, { f: "csv", limit: "10000" }).then(setCsv);
  }, [entry.id, entry.catalogued_at]);
  const rejects = pages.length ? pages.flatMap((page) => page.rejects) : entry.rejects;
  const next = pages.at(-1)?.links.find(({ rel }) => rel === "next")?.href;
  const more = () => {
    const [path, query] = next ? [next, {}] : [`/files/${entry.id}/rejects`, { limit: "1000" }];
    ask<RejectsPage>(path, query).then((page) => setPages([...pages, page]), setFailure);
  };
  return (
    <details open>
      <summary>{count(entry.rejected, "reject")}, each with its row</summary>
      <div class="scroll tall" tabIndex={0} role="region" aria-label="Rejects">
        <table class="rows">
          <thead><tr><th scope="col" class="number">Row</th><th scope="col">Column</th><th scope="col">Value</th><th scope="col">Reason</th></tr></thead>
          <tbody>
            {rejects.map((reject, i) => (
              <tr key={i}><td class="number">{reject.row ?? ""}</td><td>{reject.column ?? ""}</td><td class="id">{reject.value ?? ""}</td><td>{reject.reason}</td></tr>
            ))}
          </tbody>
        </table>
      </div>
      {failure && <Failed failure={failure} again={more} />}
      <p class="bar after">
        {rejects.length < entry.rejected && <span class="quiet">{rejects.length.toLocaleString("en")} of {entry.rejected.toLocaleString("en")}</span>}
        {(next || (!pages.length && rejects.length < entry.rejected)) && <button type="button" onClick={more}>Show more</button>}
        <a class="button" href={csv} download={`${entry.id}_rejects.csv`}>All as CSV</a>
      </p>
    </details>
  );
}

/** Where a mapping for files like this one stands: each kind of table has its own; of what is in an archive, beside the archive. */
function mappingBeside(key: string): string {
  const [archive = "", member] = key.split("!/");
  const folder = archive.slice(0, archive.lastIndexOf("/") + 1);
  const name = (member ?? archive).split("/").at(-1)!;
  const kind = name.split(".")[0]!.replace(/[\W_]*\d+[\W_]*/g, "-").replace(/^-+|-+$/g, "");
  return `${folder}${kind ? `${kind}.` : ""}mapping.json`;
}

/** What the columns probably mean: to be looked at, put right, and put beside the file. */
function Proposed({ entry }: { entry: FileEntry }) {
  const { proposal } = entry;
  const beside = mappingBeside(entry.key);
  const where = <>Put it into the archive as <code>{beside}</code>; the file is then read again.</>;
  const [state, setState] = useState<"" | "sending" | "there">("");
  const [failure, setFailure] = useState<Failure>();
  if (!proposal) return <p class="notice">Nobody has said what its columns mean. {where}</p>;
  const text = proposal.mapping ? JSON.stringify(proposal.mapping, null, 2) : "";
  const use = () => {
    setState("sending");
    setFailure(undefined);
    putMapping(beside, text).then(() => setState("there"), (error: unknown) => {
      setState("");
      setFailure(error instanceof Failure ? error : new Failure("The mapping was not sent", String(error)));
    });
  };
  return (
    <section class="proposal" aria-label="Proposed mapping">
      <h3>What its columns probably mean</h3>
      <div class="scroll">
        <table class="rows">
          <thead><tr><th scope="col">Column</th><th scope="col">Means</th><th scope="col">Unit</th><th scope="col" class="number">Sure</th><th scope="col">Why</th></tr></thead>
          <tbody>
            {proposal.columns.map((each) => (
              <tr key={each.column}>
                <th scope="row">{each.column}</th><td>{each.parameter ?? "–"}</td><td>{each.unit ?? ""}</td><td class="number">{Math.round(each.confidence * 100)} %</td><td class="quiet">{each.reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {proposal.questions.length > 0 && (
        <div class="notice">
          <strong>To be answered first</strong>
          <ul>{proposal.questions.map((question) => <li key={question}>{question}</li>)}</ul>
        </div>
      )}
      {text && (
        <details>
          <summary>The mapping file</summary>
          <pre tabIndex={0}>{text}</pre>
        </details>
      )}
      <p class="bar after">
        {text && <button type="button" class="main" disabled={state !== ""} onClick={use}>Use this mapping</button>}
        {text && <a class="button" href={`data:application/json,${encodeURIComponent(text)}`} download={beside.slice(beside.lastIndexOf("/") + 1)}>Download it</a>}
        <span class="quiet" role="status">
          {state === "sending" ? <>Putting it into the archive as <code>{beside}</code> …</> : state === "there" ? "It is there; the file is being read again." : text ? <>It goes into the archive as <code>{beside}</code>, and the file is read again. To change it first, download it.</> : where}
        </span>
      </p>
      {failure && <Failed failure={failure} again={use} />}
    </section>
  );
}
