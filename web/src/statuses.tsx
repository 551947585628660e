// What the states of a file are called, and what each means.

export const STATUSES: Record<string, { name: string; what: string; tone: "good" | "fair" | "bad" | "none" }> = {
  ok: { name: "Taken", what: "Everything in it was taken.", tone: "good" },
  partial: { name: "In part", what: "Some rows or fields were not taken.", tone: "fair" },
  rejected: { name: "Rejected", what: "The format is known; nothing in it could be used.", tone: "bad" },
  unmapped: { name: "Needs a mapping", what: "A table, but nobody has said what its columns mean.", tone: "fair" },
  unknown: { name: "Not recognised", what: "No format recognises it.", tone: "bad" },
  empty: { name: "Empty", what: "It has no bytes.", tone: "none" },
  reading: { name: "Being read", what: "So large that it is read in several calls; what was read so far counts.", tone: "none" },
  deleted: { name: "Deleted", what: "The object was removed; its observations are withdrawn.", tone: "none" },
};

export function StatusBadge({ status }: { status: string }) {
  const known = STATUSES[status] ?? { name: status, what: "", tone: "none" };
  return <span class={`badge tone-${known.tone}`} title={known.what}>{known.name}</span>;
}
