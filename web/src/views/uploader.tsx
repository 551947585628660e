// Where files are dropped, and what becomes of each.

import { useEffect, useRef, useState } from "preact/hooks";
import { bytes, count } from "../amounts";
import { key, setKey } from "../key";
import { Failed, Path } from "../states";
import { again, refuse, start, uploads, type Upload } from "../uploads";
import { FileFacts } from "./file";

const STAGES: { stage: Upload["stage"]; name: string }[] = [
  { stage: "sending", name: "Sent" },
  { stage: "received", name: "Received" },
  { stage: "catalogued", name: "Catalogued" },
  { stage: "loaded", name: "Loaded" },
];

export function Uploader() {
  const [over, setOver] = useState(false);
  const [folder, setFolder] = useState("uploads");
  const input = useRef<HTMLInputElement>(null);
  const take = (files: Iterable<File> | null | undefined) => {
    for (const file of files ?? []) start(file, [folder.replace(/^\/+|\/+$/g, ""), file.name].filter(Boolean).join("/"));
  };

  const drop = ({ dataTransfer }: DragEvent) => {
    const folders = new Set([...(dataTransfer?.items ?? [])].map((item) => item.webkitGetAsEntry()).filter((entry) => entry?.isDirectory).map((entry) => entry!.name));
    for (const name of folders) refuse(name, "This is a folder", "Drop the files that are in it; they may be many.");
    take([...(dataTransfer?.files ?? [])].filter(({ name }) => !folders.has(name)));
  };
  useEffect(() => {
    // What misses the field would take the browser away from the page
    const stay = (event: DragEvent) => event.preventDefault();
    for (const name of ["dragover", "drop"] as const) window.addEventListener(name, stay);
    return () => {
      for (const name of ["dragover", "drop"] as const) window.removeEventListener(name, stay);
    };
  }, []);

  return (
    <section aria-labelledby="upload" class="uploader">
      <h2 id="upload">Upload</h2>
      <div
        class={`drop ${over ? "over" : ""}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          drop(event);
        }}
      >
        <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 16V4m0 0L7 9m5-5 5 5M4 16v4h16v-4" /></svg>
        <p>
          Drop files here, or{" "}
          <button type="button" onClick={() => input.current?.click()}>choose files</button>
        </p>
        <p class="quiet">Logger files, bulletins, station lists, any table: each is recognised by its content.</p>
        <input ref={input} type="file" multiple class="unseen" tabIndex={-1} aria-label="Files to upload" onChange={(event) => {
          take(event.currentTarget.files);
          event.currentTarget.value = "";
        }} />
      </div>
      <div class="filters">
        <label>
          <span>Folder in the archive</span>
          <input type="text" value={folder} spellcheck={false} onInput={(event) => setFolder(event.currentTarget.value)} />
        </label>
        <label>
          <span>Operator key</span>
          <input type="password" value={key.value} placeholder="mk_…" autocomplete="off" onInput={(event) => setKey(event.currentTarget.value)} />
        </label>
        {!key.value && <p class="quiet hint">Uploading needs a key with <code>files:write</code>. On your own machine <code>make run</code> prints an address that has one.</p>}
      </div>
      {uploads.value.length > 0 && (
        <ol class="uploads" aria-label="Uploads">
          {uploads.value.map((upload) => <Progress key={upload.number} upload={upload} retry={() => again(upload)} />)}
        </ol>
      )}
    </section>
  );
}

function Progress({ upload, retry }: { upload: Upload; retry: () => void }) {
  const { file, stage, entry, failure } = upload;
  const at = stage === "settled" ? STAGES.length : STAGES.findIndex((each) => each.stage === stage);
  const loads = !entry || entry.status === "ok" || entry.status === "partial";
  const said = failure ? "" : stage === "sending" ? `Sending ${bytes(upload.sent)} of ${bytes(file.size)}` : stage === "received" ? "Received; being read" : stage === "catalogued" ? (loads ? "Read; being loaded" : "Read") : entry?.loading.state === "loaded" ? `Loaded ${count(entry.loading.values, "value")}` : entry?.status === "unmapped" ? "Read; it waits for a mapping" : "Read";
  return (
    <li class="upload card">
      <div class="bar">
        <h3><Path of={upload.key} /></h3>
        <span class="quiet">{bytes(file.size)}</span>
        {upload.id && entry && <a href={`/files/${upload.id}`}>Open the entry</a>}
      </div>
      <ol class="steps" aria-hidden="true">
        {STAGES.filter(({ stage: each }) => loads || each !== "loaded").map(({ stage: each, name }, i) => (
          <li key={each} class={failure && i === at ? "bad" : i < at || stage === "settled" ? "done" : i === at ? "now" : ""}>{name}</li>
        ))}
      </ol>
      <p class="quiet" role="status">{said}</p>
      {stage === "sending" && !failure && <progress value={upload.sent} max={file.size || 1} aria-label={`Sending ${upload.key}`} />}
      {failure && <Failed failure={failure} again={retry} />}
      {entry && <FileFacts entry={entry} />}
    </li>
  );
}
