/** The two tables of docs/srm.md, and what the status service must be asked to see each row happen. */

import { readFileSync } from 'node:fs';

export type StatusRow = {
  status: string;
  /** GlideTester's: outcome, what it does then, whose failure it is. */
  ours: string[];
  /** gfal's: what it makes of the status of the request, of the path. */
  gfal: string[];
};

export type OtherEndRow = { what: string; ours: string[]; gfal: string };

const FILE = new URL('../../docs/srm.md', import.meta.url);

/** Path of the status service by what comes instead of an answer, as the second table calls it. */
export const OTHER_ENDS: Record<string, string> = {
  'SOAP fault': '/fault',
  'HTTP 400': '/http/400',
  'HTTP 401': '/http/401',
  'HTTP 403': '/http/403',
  'HTTP 404': '/http/404',
  'HTTP 500 without a SOAP fault': '/http/500',
  'HTTP 503': '/http/503',
  'something that is not XML': '/not-xml',
  'XML that is no answer': '/other-xml',
  'a connection that breaks': '/reset',
  'nothing, until the timeout': '/hang',
};

/** Rows of the table of status codes, in order. */
export function readStatusTable(): StatusRow[] {
  return readRows(/^\| `(SRM_[A-Z_]+)` \|(.*)\|$/gm).map(([status, cells]) => ({
    status,
    ours: cells.slice(0, 3),
    gfal: cells.slice(3),
  }));
}

/** Rows of the table of what else may come, in order. */
export function readOtherEndsTable(): OtherEndRow[] {
  const rows = new Map(readRows(/^\| ([^`|]+) \|(.*)\|$/gm));
  return Object.keys(OTHER_ENDS).map((what) => {
    const cells = rows.get(what) ?? [];
    return { what, ours: cells.slice(0, 2), gfal: cells[2] ?? '' };
  });
}

function readRows(row: RegExp): [first: string, others: string[]][] {
  const text = readFileSync(FILE, 'utf8');
  return [...text.matchAll(row)].map(([, first, rest]) => [
    (first as string).trim(),
    (rest as string).split('|').map((cell) => cell.trim().replaceAll('`', '')),
  ]);
}
