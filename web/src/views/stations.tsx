// All stations as a list: to find one by its name, and to see at once which of them speak.

import { useMemo, useState } from "preact/hooks";
import { useAnswer } from "../api";
import { count } from "../amounts";
import { change, place } from "../location";
import { STATES, STATE_NAMES, type Latest, type State } from "../network";
import { metres } from "../quantities";
import { Empty, Shown } from "../states";
import { age, moment, zoneLabel } from "../times";

const A_PAGE = 100;

export function StationsView() {
  const latest = useAnswer<Latest>("/network/latest", { datetime: place.value.query.at ?? "" }, 60);
  return (
    <div class="page">
      <h1>Stations</h1>
      <Shown answer={latest} what="the stations">
        {(value) => (value.count ? <List latest={value} /> : <Empty title="No stations yet">
          <p>Upload a list of stations, or any file of observations, in <a href="/files">Files</a>.</p>
        </Empty>)}
      </Shown>
    </div>
  );
}

function List({ latest }: { latest: Latest }) {
  const { q = "", state = "", sort = "name" } = place.value.query;
  const [shown, setShown] = useState(A_PAGE);
  const { stations } = latest;
  const found = useMemo(() => {
    const words = fold(q).split(/\s+/).filter(Boolean);
    const rows: number[] = [];
    for (let i = 0; i < latest.count; i++) {
      if (state && stations.state[i] !== state) continue;
      const text = fold(`${stations.id[i]} ${stations.name[i] ?? ""}`);
      if (words.every((word) => text.includes(word))) rows.push(i);
    }
    const name = (i: number) => stations.name[i] ?? stations.id[i]!;
    const by: Record<string, (a: number, b: number) => number> = {
      name: (a, b) => name(a).localeCompare(name(b)),
      newest: (a, b) => (stations.newest[b] ?? "").localeCompare(stations.newest[a] ?? ""),
      elevation: (a, b) => (stations.elevation_m[b] ?? -1e9) - (stations.elevation_m[a] ?? -1e9),
    };
    return rows.sort(by[sort] ?? by.name);
  }, [latest, q, state, sort]);
  const reference = new Date(latest.time).getTime();

  return (
    <>
      <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
        <label>
          <span>Name or identifier</span>
          <input type="search" value={q} placeholder="Newark, EWR …" onInput={(event) => change({ q: event.currentTarget.value })} />
        </label>
        <label>
          <span>State</span>
          <select value={state} onChange={(event) => change({ state: event.currentTarget.value })}>
            <option value="">Any</option>
            {STATES.map((each) => (
              <option key={each} value={each}>{STATE_NAMES[each]}</option>
            ))}
          </select>
        </label>
        <label>
          <span>Order</span>
          <select value={sort} onChange={(event) => change({ sort: event.currentTarget.value })}>
            <option value="name">Name</option>
            <option value="newest">Last heard</option>
            <option value="elevation">Elevation</option>
          </select>
        </label>
      </form>
      <p class="quiet" role="status">{count(found.length, "station")}</p>
      {found.length ? (
        <div class="scroll">
          <table class="rows">
            <thead>
              <tr><th scope="col">Station</th><th scope="col" class="spare">Identifier</th><th scope="col">State</th><th scope="col">Last heard</th><th scope="col" class="number spare">Elevation</th></tr>
            </thead>
            <tbody>
              {found.slice(0, shown).map((i) => (
                <tr key={stations.id[i]}>
                  <th scope="row"><a href={`/stations/${encodeURIComponent(stations.id[i]!)}`}>{stations.name[i] ?? stations.id[i]}</a></th>
                  <td class="id spare">{stations.id[i]}</td>
                  <td><StateBadge state={stations.state[i]!} /></td>
                  <td>{stations.newest[i] ? <time dateTime={stations.newest[i]!} title={`${moment(stations.newest[i]!)} ${zoneLabel()}`}>{age(stations.newest[i]!, reference)}</time> : "–"}</td>
                  <td class="number spare">{metres(stations.elevation_m[i])}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <Empty title="No station fits."><p><button type="button" class="link" onClick={() => change({ q: "", state: "" })}>Show all stations</button></p></Empty>
      )}
      {found.length > shown && <button type="button" onClick={() => setShown(shown + A_PAGE)}>Show more</button>}
    </>
  );
}

export function StateBadge({ state }: { state: State }) {
  return <span class="badge"><span class={`dot ${state}`} aria-hidden="true" />{STATE_NAMES[state]}</span>;
}

function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
