// What stands where there is nothing to show yet, or ever.

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Answer, Failure } from "./api";

const LONG_MS = 8000;

export function Loading({ what }: { what: string }) {
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setLong(true), LONG_MS);
    return () => window.clearTimeout(timer);
  }, []);
  return (
    <div class="state loading" role="status">
      <span class="spinner" aria-hidden="true" />
      <span>
        Loading {what} …{long && " It takes longer than usual: the connection or the service is slow."}
      </span>
    </div>
  );
}

export function Failed({ failure, again }: { failure: Failure; again?: () => void }) {
  return (
    <div class="state failed" role="alert">
      <strong>{failure.title}.</strong>
      {failure.advice && <p>{failure.advice}</p>}
      {failure.reference && <p class="quiet">Reference: {failure.reference}</p>}
      {again && failure.passes && (
        <button type="button" onClick={again}>
          Try again
        </button>
      )}
    </div>
  );
}

/** A file's key, which may be broken where a folder ends. */
export function Path({ of: key }: { of: string }) {
  return <>{key.split(/(?<=[/_-])/).flatMap((part, i) => (i ? [<wbr key={i} />, part] : [part]))}</>;
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="state empty">
      <strong>{title}</strong>
      {children}
    </div>
  );
}

/** The moment from which a visitor has something to read, for whoever measures it (performance.getEntriesByName). */
let marked = false;
export function useUseful(there: boolean): void {
  useEffect(() => {
    if (!there || marked) return;
    marked = true;
    performance.mark("useful");
  }, [there]);
}

/** An answer's value, or what stands for it. A failure does not take away what is there already. */
export function Shown<T>({ answer, what, children }: { answer: Answer<T>; what: string; children: (value: T) => ComponentChildren }) {
  useUseful(answer.value !== undefined);
  return (
    <>
      {answer.failure && <Failed failure={answer.failure} again={answer.again} />}
      {answer.value !== undefined ? children(answer.value) : !answer.failure && <Loading what={what} />}
    </>
  );
}
