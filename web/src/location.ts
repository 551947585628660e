// Where the reader is: a path and a query, both in the address bar, so that every view can be shared and gone back to.

import { signal } from "@preact/signals";

export type Query = Record<string, string>;

export interface Place {
  path: string;
  query: Query;
}

function read(): Place {
  return { path: window.location.pathname, query: Object.fromEntries(new URLSearchParams(window.location.search)) };
}

export const place = signal<Place>(read());

export function address(path: string, query: Query = {}): string {
  const kept = Object.entries(query).filter(([, value]) => value !== "");
  const text = new URLSearchParams(kept).toString().replaceAll("%2C", ",").replaceAll("%3A", ":").replaceAll("%2F", "/");
  return text ? `${path}?${text}` : path;
}

/** The text that stands in an address; one that was cut off within a character stands for itself. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Goes to a view; its own query replaces what was there, except for the settings that hold everywhere. */
export function go(to: string): void {
  window.history.pushState(null, "", to);
  place.value = read();
  window.scrollTo(0, 0);
  document.getElementById("content")?.focus({ preventScroll: true });
}

/** Changes parts of the query in place; an empty text takes a part away. Going back does not step through these. */
export function change(some: Query): void {
  const { path, query } = place.value;
  window.history.replaceState(null, "", address(path, { ...query, ...some }));
  place.value = read();
}

export function listen(): void {
  window.addEventListener("popstate", () => {
    place.value = read();
  });
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest?.("a[href]");
    if (!(link instanceof HTMLAnchorElement) || link.origin !== window.location.origin) return;
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (link.target || link.hasAttribute("download") || link.hash) return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
}
