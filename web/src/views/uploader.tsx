// Uploads: the file goes from the browser straight into the archive, and is followed from there.

import { useEffect, useRef, useState } from "preact/hooks";
import { ask, Failure } from "../api";
import { bytes, count } from "../amounts";
import { key, setKey } from "../key";
import { Failed } from "../states";
import { FileFacts, type FileEntry } from "./file";

interface Form {
  file_id: string;
  key: string;
  url: string;
  fields: Record<string, string>;
  expires_at: string;
  most_bytes: number;
}

interface Upload {
  number: number;
  file: File;
  key: string;
  sent: number; // bytes
  stage: "sending" | "received" | "catalogued" | "loaded" | "settled";
  id?: string;
  before?: string; // order of what was there under this key
  entry?: FileEntry;
  failure?: Failure;
}

const STAGES: { stage: Upload["stage"]; name: string }[] = [
  { stage: "sending", name: "Sent" },
  { stage: "received", name: "Received" },
  { stage: "catalogued", name: "Catalogued" },
  { stage: "loaded", name: "Loaded" },
];
const LOOK_EVERY_MS = 700;
const LOOK_FOR_MS = 5 * 60_000;

let numbers = 0;

export function Uploader() {
  const [uploads, setUploads] = useState<Upload[]>([]);
  const [over, setOver] = useState(false);
  const [folder, setFolder] = useState("uploads");
  const input = useRef<HTMLInputElement>(null);
  const patch = (number: number, some: Partial<Upload>) => setUploads((all) => all.map((each) => (each.number === number ? { ...each, ...some } : each)));

  const take = (files: FileList | null | undefined) => {
    for (const file of files ?? []) {
      const upload: Upload = { number: ++numbers, file, key: [folder.replace(/^\/+|\/+$/g, ""), file.name].filter(Boolean).join("/"), sent: 0, stage: "sending" };
      setUploads((all) => [upload, ...all]);
      void send(upload, (some) => patch(upload.number, some));
    }
  };

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
          take(event.dataTransfer?.files);
        }}
      >
        <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 16V4m0 0L7 9m5-5 5 5M4 16v4h16v-4" /></svg>
        <p>
          Drop files here, or{" "}
          <button type="button" onClick={() => input.current?.click()}>choose files</button>
        </p>
        <p class="quiet">Logger files, bulletins, station lists, any table: what it is, is recognised by its content.</p>
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
      {uploads.length > 0 && (
        <ol class="uploads" aria-label="Uploads">
          {uploads.map((upload) => <Progress key={upload.number} upload={upload} retry={() => {
            const { failure: _, entry: __, ...again } = upload;
            setUploads((all) => all.map((each) => (each.number === upload.number ? { ...again, sent: 0, stage: "sending" } : each)));
            void send(upload, (some) => patch(upload.number, some));
          }} />)}
        </ol>
      )}
    </section>
  );
}

function Progress({ upload, retry }: { upload: Upload; retry: () => void }) {
  const { file, stage, entry, failure } = upload;
  const at = stage === "settled" ? STAGES.length : STAGES.findIndex((each) => each.stage === stage);
  const loads = !entry || entry.status === "ok" || entry.status === "partial";
  const said = failure ? "" : stage === "sending" ? `Sending ${bytes(upload.sent)} of ${bytes(file.size)}` : stage === "received" ? "Received; being read" : stage === "catalogued" ? (loads ? "Read; being loaded" : "Read") : entry?.loading.state === "loaded" ? `Loaded ${count(entry.loading.values, "value")}` : "Done";
  return (
    <li class="upload card">
      <div class="bar">
        <h3>{upload.key}</h3>
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

async function send(upload: Upload, patch: (some: Partial<Upload>) => void): Promise<void> {
  try {
    if (!key.value) throw new Failure("An operator key is needed", "Enter it above, then try again.", 401);
    const form = await ask<Form>("/uploads", {}, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${key.value}` },
      body: JSON.stringify({ key: upload.key, size: upload.file.size }),
    });
    const before = await order(form.file_id);
    patch({ id: form.file_id });
    await post(form, upload.file, (sent) => patch({ sent }));
    patch({ stage: "received", sent: upload.file.size });
    await follow(form.file_id, before, patch);
  } catch (error) {
    patch({ failure: error instanceof Failure ? error : new Failure("The upload failed", String(error)) });
  }
}

function post(form: Form, file: File, progress: (sent: number) => void): Promise<void> {
  const body = new FormData();
  for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
  body.append("file", file); // S3 takes nothing that follows it
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch tells nothing of what has been sent
    request.upload.onprogress = ({ loaded }) => progress(Math.min(loaded, file.size));
    request.onload = () => {
      if (request.status < 300) resolve();
      else reject(new Failure(`The archive refuses the file (${request.status})`, /<Message>(.*?)<\/Message>/.exec(request.responseText)?.[1] ?? "Try again; each try gets a form of its own.", request.status));
    };
    request.onerror = () => reject(new Failure("The archive cannot be reached", "Check the connection and try again."));
    request.open("POST", form.url);
    request.send(body);
  });
}

async function order(id: string): Promise<string> {
  try {
    return stamp(await ask<FileEntry>(`/files/${id}`, {}, { cache: "no-store" }));
  } catch (error) {
    if (error instanceof Failure && error.status === 404) return "";
    throw error;
  }
}

/** Changes whenever the object is replaced or read again. */
function stamp(entry: FileEntry): string {
  return `${entry.version_id} ${entry.catalogued_at}`;
}

async function follow(id: string, before: string, patch: (some: Partial<Upload>) => void): Promise<void> {
  const until = Date.now() + LOOK_FOR_MS;
  while (Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    const entry = await ask<FileEntry>(`/files/${id}`, {}, { cache: "no-store" }).catch((error: unknown) => {
      if (error instanceof Failure && (error.status === 404 || error.status === 0 || error.status >= 500)) return undefined;
      throw error;
    });
    if (!entry || stamp(entry) === before) continue;
    const { state } = entry.loading;
    const reading = entry.status === "reading"; // a large file, of which this is the beginning
    patch({ entry, stage: reading ? "received" : state === "pending" ? "catalogued" : "settled" });
    if (!reading && state !== "pending") return;
  }
  throw new Failure("It takes longer than usual", "The file is safe in the archive. Look at its entry later, or at the network’s health.");
}

/** For whoever comes back to this view: nothing is lost by leaving it, the archive has the file. */
export function useLeaveWarning(sending: boolean): void {
  useEffect(() => {
    if (!sending) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [sending]);
}
