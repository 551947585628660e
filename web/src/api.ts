// The public API, and nothing else, is where this page gets everything from.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { address, type Query } from "./location";

export interface Config {
  api: string;
  tiles?: { url: string; attribution: string; dark?: string };
}

let config: Promise<Config> | undefined;

export function settings(): Promise<Config> {
  config ??= readSettings().catch((error: unknown) => {
    config = undefined; // the next question tries again
    throw error;
  });
  return config;
}

async function readSettings(): Promise<Config> {
  const answer = await fetch("/config.json").catch(() => {
    throw new Failure("The page's server does not answer", "Check the connection, then try again.");
  });
  if (!answer.ok) throw new Failure("The page's config.json is missing", "It says where the API is; deploy the page anew.");
  return answer.json() as Promise<Config>;
}

/** What the reader is told: what went wrong, and what to do. */
export class Failure extends Error {
  constructor(
    readonly title: string,
    readonly advice: string,
    readonly status = 0,
    readonly reference = "",
  ) {
    super(title);
  }

  /** Whether it makes sense to ask the same again: not where the question is wrong, or asks for what is not there. */
  get passes(): boolean {
    return this.status !== 400 && this.status !== 404;
  }
}

/** RFC 9457, as the API sends it. */
interface Problem {
  title?: string;
  detail?: string;
  correlation_id?: string;
  allowed?: string | string[];
}

export async function url(path: string, query: Query = {}): Promise<string> {
  return path.startsWith("http") ? path : (await settings()).api + address(path, query);
}

export async function ask<T>(path: string, query: Query = {}, options: RequestInit = {}): Promise<T> {
  const target = await url(path, query);
  let answer: Response;
  try {
    answer = await fetch(target, options);
  } catch (error) {
    if ((error as Error).name === "AbortError") throw error;
    throw new Failure("The API does not answer", "Check the connection; if it is there, the service is down. Try again in a moment.");
  }
  if (!answer.ok) throw await refused(answer);
  try {
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  } catch (error) {
    if ((error as Error).name === "AbortError") throw error;
    throw new Failure("What came is not the API’s answer", "It was cut off, or something in between answered, such as a network that wants a sign-in. Try again in a moment.");
  }
}

async function refused(answer: Response): Promise<Failure> {
  const problem = (await answer.json().catch(() => ({}))) as Problem;
  const allowed = Array.isArray(problem.allowed) ? problem.allowed.join(", ") : problem.allowed;
  const advice =
    answer.status === 401 || answer.status === 403
      ? "Enter an operator key that allows this."
      : answer.status >= 500 || answer.status === 429
        ? "Try again in a moment."
        : allowed
          ? `Allowed: ${allowed}`
          : "";
  return new Failure(
    problem.detail ?? problem.title ?? `The API answers ${answer.status}`,
    advice,
    answer.status,
    problem.correlation_id ?? "",
  );
}

export interface Answer<T> {
  value: T | undefined;
  failure: Failure | undefined;
  /** Also while an earlier answer still stands. */
  loading: boolean;
  again: () => void;
}

/** An answer of the API that is kept fresh: asked for anew every `everySeconds`, and at once when the question changes. */
export function useAnswer<T>(path: string | undefined, query: Query = {}, everySeconds = 0): Answer<T> {
  const question = path === undefined ? undefined : address(path, query);
  const load = useCallback(
    (signal: AbortSignal) => ask<T>(question!, {}, { signal, ...(everySeconds ? { cache: "no-cache" as const } : {}) }),
    [question, everySeconds],
  );
  return useLoaded(question === undefined ? undefined : load, question ?? "", everySeconds);
}

// The last answers: whoever comes back to a view has something to read at once, while it is asked for anew
const before = new Map<string, unknown>();
const KEPT = 8;

function keep(key: string, value: unknown): void {
  before.delete(key);
  before.set(key, value);
  if (before.size > KEPT) before.delete(before.keys().next().value!);
}

/** The same for anything that takes its time. What an older question brings late is not shown. */
export function useLoaded<T>(
  load: ((signal: AbortSignal) => Promise<T>) | undefined,
  key: string,
  everySeconds = 0,
): Answer<T> {
  const [state, setState] = useState<{ key: string; value?: T | undefined; failure?: Failure | undefined; loading: boolean }>({
    key,
    value: before.get(key) as T | undefined,
    loading: true,
  });
  const [round, setRound] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  useEffect(() => {
    if (!latest.current) return;
    const controller = new AbortController();
    setState((was) => (was.key === key ? { ...was, loading: true } : { key, value: (before.get(key) as T | undefined) ?? was.value, loading: true }));
    latest.current(controller.signal).then(
      (value) => {
        keep(key, value);
        setState({ key, value, loading: false });
      },
      (error: unknown) => {
        if (controller.signal.aborted) return;
        const failure = error instanceof Failure ? error : new Failure("This page has a fault", String(error));
        setState((was) => ({ key, value: was.key === key ? was.value : undefined, failure, loading: false }));
      },
    );
    return () => controller.abort();
  }, [key, round]);
  useEffect(() => {
    if (!everySeconds) return;
    const timer = window.setInterval(() => {
      if (!document.hidden) setRound((count) => count + 1);
    }, everySeconds * 1000);
    return () => window.clearInterval(timer);
  }, [everySeconds]);
  return {
    value: state.value,
    failure: state.failure,
    loading: state.loading,
    again: () => setRound((count) => count + 1),
  };
}
