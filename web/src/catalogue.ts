// What the API says of a file in the catalogue.

export interface FileEntry {
  id: string;
  key: string;
  version_id: string | null;
  revision: number;
  status: string;
  format: { name: string | null; confidence: number; why: string | null } | null;
  size: number;
  sha256: string | null;
  compression: string | null;
  encoding: string | null;
  mapping: string | null;
  archive: string | null;
  members: string[];
  received_at: string;
  catalogued_at: string;
  rows: number;
  first: string | null;
  last: string | null;
  station_count: number;
  stations: Record<string, number>;
  column_count: number;
  columns: { name: string; kind: string; parameter: string | null; unit: string | null; unit_received: string | null; values: number; missing: number; minimum: number | null; maximum: number | null; mean: number | null }[];
  rejected: number;
  rejects: Reject[];
  proposal?: Proposal | null;
  loading: { state: "none" | "pending" | "loaded" | "failed"; blocks: number; values: number; stations: number; at: string | null; reason: string | null };
  links: { rel: string; href: string }[];
}

interface Reject {
  row: number | null;
  column: string | null;
  value: string | null;
  reason: string;
}

interface Proposal {
  mapping: object | null;
  columns: { column: string; confidence: number; reason: string; parameter: string | null; unit: string | null }[];
  questions: string[];
}

export interface RejectsPage {
  rejected: number;
  count: number;
  not_kept: number;
  rejects: Reject[];
  links: { rel: string; href: string }[];
}
