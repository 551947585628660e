// The operator's key: what was entered or came in the link's fragment, which no server sees. Kept for this tab alone.

import { signal } from "@preact/signals";

const NAME = "mesonet.key";

function kept(): string {
  try {
    return window.sessionStorage.getItem(NAME) ?? "";
  } catch {
    return "";
  }
}

export const key = signal(kept());

export function setKey(text: string): void {
  key.value = text.trim();
  try {
    window.sessionStorage.setItem(NAME, key.value);
  } catch {
    // holds until the page is closed
  }
}

/** Takes `#key=mk_…` out of the address, so that it is in no bookmark and in no link that is passed on. */
export function keepKey(): void {
  const found = new URLSearchParams(window.location.hash.slice(1)).get("key");
  if (found === null) return;
  setKey(found);
  window.history.replaceState(null, "", window.location.pathname + window.location.search);
}
