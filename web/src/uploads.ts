// Uploads: a file goes from the browser straight into the archive, and is followed from there, whichever view is looked at.

import { effect, signal } from "@preact/signals";
import { ask, Failure } from "./api";
import type { FileEntry } from "./catalogue";
import { key } from "./key";

interface Form {
  file_id: string;
  key: string;
  url: string;
  fields: Record<string, string>;
  expires_at: string;
  most_bytes: number;
}

export interface Upload {
  number: number;
  file: File;
  key: string;
  sent: number; // bytes
  stage: "sending" | "received" | "catalogued" | "loaded" | "settled";
  id?: string;
  entry?: FileEntry;
  failure?: Failure;
}

const LOOK_EVERY_MS = 700;
const LOOK_FOR_MS = 5 * 60_000;

let numbers = 0;
export const uploads = signal<Upload[]>([]); // they go on, and can be come back to, while other views are looked at
const leaving = (event: BeforeUnloadEvent) => event.preventDefault();

effect(() => {
  const sending = uploads.value.some(({ stage, failure }) => stage === "sending" && !failure);
  if (sending) window.addEventListener("beforeunload", leaving);
  else window.removeEventListener("beforeunload", leaving);
});

function patch(number: number, some: Partial<Upload>): void {
  uploads.value = uploads.value.map((each) => (each.number === number ? { ...each, ...some } : each));
}

export function start(file: File, path: string): void {
  const upload: Upload = { number: ++numbers, file, key: path, sent: 0, stage: "sending" };
  uploads.value = [upload, ...uploads.value];
  void send(upload, (some) => patch(upload.number, some));
}

/** What cannot be sent is said in its place. */
export function refuse(name: string, title: string, advice: string): void {
  uploads.value = [{ number: ++numbers, file: new File([], name), key: name, sent: 0, stage: "sending", failure: new Failure(title, advice, 400) }, ...uploads.value];
}

/** Another try of what failed. */
export function again({ number, file, key: path, id }: Upload): void {
  const upload: Upload = { number, file, key: path, sent: 0, stage: "sending", ...(id ? { id } : {}) };
  uploads.value = uploads.value.map((each) => (each.number === number ? upload : each));
  void send(upload, (some) => patch(number, some));
}

/** Puts a mapping where there is none; the uploads beside it that were waiting for one are followed on. */
export async function putMapping(path: string, text: string): Promise<void> {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const file = new File([text], path.slice(folder.length), { type: "application/json" });
  let entry: FileEntry | undefined;
  await deliver({ file, key: path }, (some) => {
    entry = some.entry ?? entry;
  }, async (id) => {
    if (await stampOf(id)) throw new Failure(`${path} is there already`, "It may speak of other files, too: join the two, and upload the result.");
  });
  if (entry?.status !== "ok") throw new Failure("The mapping was not taken", entry?.rejects[0]?.reason ?? "");
  for (const upload of uploads.value) {
    if (upload.entry?.status !== "unmapped" || !upload.key.startsWith(folder)) continue;
    void follow(upload.entry.id, stamp(upload.entry), (some) => patch(upload.number, some)).catch(() => undefined);
  }
}

type Told = (some: Partial<Upload>) => void;

async function send(upload: Upload, tell: Told): Promise<void> {
  try {
    await deliver(upload, tell);
  } catch (error) {
    tell({ failure: error instanceof Failure ? error : new Failure("The upload failed", String(error)) });
  }
}

async function deliver(upload: Pick<Upload, "file" | "key">, tell: Told, check?: (id: string) => Promise<void>): Promise<void> {
  if (!key.value) throw new Failure("An operator key is needed", "Enter one in Files, then try again.", 401);
  const form = await ask<Form>("/uploads", {}, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${key.value}` },
    body: JSON.stringify({ key: upload.key, size: upload.file.size }),
  });
  await check?.(form.file_id);
  const before = await stampOf(form.file_id);
  tell({ id: form.file_id });
  await post(form, upload.file, (sent) => tell({ sent }));
  tell({ stage: "received", sent: upload.file.size });
  await follow(form.file_id, before, tell);
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

/** Empty where there is no such file. */
async function stampOf(id: string): Promise<string> {
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

async function follow(id: string, before: string, tell: Told): Promise<void> {
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
    tell({ entry, stage: reading ? "received" : state === "pending" ? "catalogued" : "settled" });
    if (!reading && state !== "pending") return;
  }
  throw new Failure("It takes longer than usual", "The file is safe in the archive. Look at its entry later, or at the network’s health.");
}
