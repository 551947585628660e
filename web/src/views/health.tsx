// How the network is doing: what arrives, who has fallen silent, what could not be processed.

import { useState } from "preact/hooks";
import { useAnswer } from "../api";
import { bytes, count } from "../amounts";
import { change, place } from "../location";
import { STATES, STATE_NAMES, type Network } from "../network";
import { sentence } from "../quantities";
import { Empty, Shown } from "../states";
import { STATUSES } from "../statuses";
import { DAY, age, clock, day, moment, zoneLabel } from "../times";
import { StateBadge } from "./stations";

export function HealthView() {
  const { at = "" } = place.value.query;
  const network = useAnswer<Network>("/network", { datetime: at }, 30);
  return (
    <div class="page">
      <h1>Health</h1>
      <Shown answer={network} what="the network’s health">{(value) => <Health network={value} />}</Shown>
    </div>
  );
}

function Health({ network }: { network: Network }) {
  const dead = network.dead_letters.reduce((sum, { messages }) => sum + messages, 0);
  const arrived = network.arrivals.reduce((sum, { files }) => sum + files, 0);
  const { at } = place.value.query;
  const old = network.newest && new Date(network.time).getTime() - new Date(network.newest).getTime() > DAY;
  return (
    <>
      {(at || old) && (
        <p class="notice">
          {at ? <>Stations as they were on {moment(network.time)} {zoneLabel()}. <button type="button" class="link" onClick={() => change({ at: "" })}>Back to now</button></>
            : <>No station has said anything since {moment(network.newest!)} {zoneLabel()}. <button type="button" class="link" onClick={() => change({ at: network.newest! })}>Show the stations as of then</button></>}
        </p>
      )}
      <ul class="tiles counts">
        {STATES.map((state) => (
          <li key={state}>
            <a href={`/stations?state=${state}${at ? `&at=${at}` : ""}`}>
              <span class="what"><span class={`dot ${state}`} aria-hidden="true" />{STATE_NAMES[state]}</span>
              <span class="value">{network.stations[state].toLocaleString("en")}</span>
            </a>
          </li>
        ))}
        <li><span class="what">Files in {network.arrivals.length} h</span><span class="value">{arrived.toLocaleString("en")}</span></li>
        <li class={dead ? "doubtful" : ""}><span class="what">Dead letters</span><span class="value">{dead.toLocaleString("en")}</span></li>
      </ul>
      <div class="columns">
        <section aria-labelledby="arrivals" class="wide"><h2 id="arrivals">Arrivals by the hour</h2><Arrivals network={network} /></section>
        <section aria-labelledby="attention">
          <h2 id="attention">Late, silent and suspect stations</h2>
          {network.attention.length ? (
            <div class="scroll tall" tabIndex={0} role="region" aria-label="The list of them">
              <table class="rows">
                <thead><tr><th scope="col">Station</th><th scope="col">State</th><th scope="col">Last heard</th></tr></thead>
                <tbody>
                  {network.attention.map(({ id, name, state, newest }) => (
                    <tr key={id}><th scope="row"><a href={`/stations/${encodeURIComponent(id)}`}>{name ?? id}</a></th><td><StateBadge state={state} /></td><td>{newest ? <time dateTime={newest} title={`${moment(newest)} ${zoneLabel()}`}>{age(newest, new Date(network.time).getTime())}</time> : "–"}</td></tr>
                  ))}
                </tbody>
              </table>
            </div>
          ) : <Empty title="Every station reports in time." />}
          <p class="quiet">Late after {hours(network.late_after)} without a value, silent after {hours(network.silent_after)}.</p>
        </section>
        <section aria-labelledby="rejects">
          <h2 id="rejects">Why rows were rejected</h2>
          {network.rejects.reasons.length ? <Reasons network={network} /> : <Empty title="Nothing was rejected." />}
        </section>
        <section aria-labelledby="dead">
          <h2 id="dead">Dead letters</h2>
          <table class="rows">
            <thead><tr><th scope="col">What</th><th scope="col" class="number">Messages</th></tr></thead>
            <tbody>
              {network.dead_letters.map(({ queue, what, messages }) => (
                <tr key={queue}><th scope="row">{sentence(what)}<span class="quiet under">{queue}</span></th><td class={`number ${messages ? "bad" : ""}`}>{messages.toLocaleString("en")}</td></tr>
              ))}
            </tbody>
          </table>
        </section>
        <section aria-labelledby="statuses">
          <h2 id="statuses">Files by status</h2>
          {network.files.length ? (
            <table class="rows">
              <thead><tr><th scope="col">Status</th><th scope="col" class="number">Files</th><th scope="col" class="number">Rows</th><th scope="col" class="number">Size</th></tr></thead>
              <tbody>
                {network.files.map(({ status, files, rows, bytes: size }) => (
                  <tr key={status}><th scope="row"><a href={`/files?status=${status}`}>{STATUSES[status]?.name ?? status}</a></th><td class="number">{files.toLocaleString("en")}</td><td class="number">{rows.toLocaleString("en")}</td><td class="number">{bytes(size)}</td></tr>
                ))}
              </tbody>
            </table>
          ) : <Empty title="No files yet."><p>Drop one in <a href="/files">Files</a>.</p></Empty>}
        </section>
      </div>
    </>
  );
}

const BAR = 17;
const HEIGHT = 120;

function Arrivals({ network }: { network: Network }) {
  const { arrivals } = network;
  const most = Math.max(1, ...arrivals.map(({ files }) => files));
  const total = arrivals.reduce((sum, each) => sum + each.files, 0);
  const rows = arrivals.reduce((sum, each) => sum + each.rows, 0);
  const busiest = arrivals.reduce((a, b) => (b.files > a.files ? b : a), arrivals[0]!);
  return (
    <figure class="arrivals">
      <svg viewBox={`-46 -20 ${arrivals.length * BAR + 76} ${HEIGHT + 48}`} role="img" aria-label={`${count(total, "file")} in ${arrivals.length} hours; most between ${clock(busiest.start)} and an hour later: ${busiest.files}`}>
        {[0, 0.5, 1].map((part) => <g key={part}><line x1="0" x2={arrivals.length * BAR} y1={HEIGHT * (1 - part)} y2={HEIGHT * (1 - part)} /><text x="-6" y={HEIGHT * (1 - part) + 3} class="end">{part && Math.round(most * part) === most * part ? most * part : part ? "" : 0}</text></g>)}
        {arrivals.map(({ start, files, rows: read, bytes: size }, i) => (
          <g key={start}>
            <rect class="hit" x={i * BAR} y="0" width={BAR} height={HEIGHT}><title>{day(start)}, {clock(start)}: {count(files, "file")}, {count(read, "row")}, {bytes(size)}</title></rect>
            <rect class="bar" x={i * BAR + 2} width={BAR - 4} y={HEIGHT * (1 - files / most)} height={(HEIGHT * files) / most} rx="2" />
            {i % 6 === 5 && <text x={i * BAR + BAR / 2} y={HEIGHT + 22} class="middle">{clock(start)}</text>}
          </g>
        ))}
      </svg>
      <p class="summary"><span>{count(total, "file")}, {count(rows, "row")} in {arrivals.length} hours</span><span>{zoneLabel()}</span></p>
    </figure>
  );
}

const REASONS_SHOWN = 12;

function Reasons({ network }: { network: Network }) {
  const [all, setAll] = useState(false);
  const { reasons, rows: total } = network.rejects;
  const most = Math.max(...reasons.map(({ rows }) => rows));
  const filesOf = (status: string) => network.files.find((each) => each.status === status)?.files ?? 0;
  return (
    <>
      <ul class="reasons">
        {(all ? reasons : reasons.slice(0, REASONS_SHOWN)).map(({ reason, rows, files }) => (
          <li key={reason}><span>{reason}</span><meter min="0" max={most} value={rows} aria-label={reason} /><span class="quiet">{count(rows, "reject")} in {count(files, "file")}</span></li>
        ))}
      </ul>
      {reasons.length > REASONS_SHOWN && <p><button type="button" class="link" aria-expanded={all} onClick={() => setAll(!all)}>{all ? "Show the most frequent" : `Show all ${reasons.length}`}</button></p>}
      <p class="quiet">
        {count(total, "row or field", "rows or fields")} of all files in the catalogue. Where they are, each file says:{" "}
        <a href="/files?status=partial">{count(filesOf("partial"), "file")} taken in part</a>, <a href="/files?status=rejected">{filesOf("rejected").toLocaleString("en")} rejected</a>.
      </p>
    </>
  );
}

function hours(duration: string): string {
  return `${duration.replace(/^PT(\d+)H$/, "$1")} h`;
}
