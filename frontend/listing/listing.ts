/**
 * srmLs on a directory tree, as BeStMan does it in gateway mode: one readdir per directory, in its order, and for each file 4
 * stats (5 in a full listing), for each directory 3 (4): does it exist, is it a directory, its length, its time, and once more
 * whether there is something in it to list. Links are followed while they stay below the root; one inside a listing is shown but not descended into, so that
 * every listing ends. Runs on a listing thread: all calls block.
 */

import { type Stats, lstatSync } from 'node:fs';
import { systemCodeOf } from '../../foundation/error.ts';
import { isOutOfDescriptors } from '../container/descriptors.ts';
import { SRM_SUCCESS } from '../../scenarios/srm/wire.ts';
import type { LsReply, PathDetail, TopPathFields } from '../../scenarios/srm/ls-reply.ts';
import type { EntryLog } from '../event-log/entry-log.ts';
import { computeMd5 } from './checksum.ts';
import { type DiskPath, joinPath, readNames, resolveInside, showName } from './disk-path.ts';
import { isDirectory, lastModifiedMs, length } from './java-file.ts';
import { parseSurlPath } from './surl-path.ts';

export type ListingRequest = {
  surls: string[];
  detail: 'full' | 'brief';
  /** 0: the paths themselves; Infinity: the whole tree. */
  levels: number;
  /** Null: every entry is listed, whatever was asked for. */
  paging: Paging | null;
};

/** Which entries of a directory that was asked for are listed; those further down are not counted. */
export type Paging = {
  /** As asked for; null: not asked for. */
  offset: number | null;
  count: number | null;
  /** Who gives no count can have so many at most. */
  mostEntries: number;
};

/** The tree that is served. */
export type Tree = {
  /** Path of the root without links. */
  realRoot: string;
  /** A full listing reads every file for its md5. */
  checksums: boolean;
};

/** Who is told what happens on the way. */
export type ListingWitnesses = {
  /** Called for each path that can't be listed because there is no descriptor. */
  ranOut?: () => void;
  /** Told of each path before it is looked at, and after. */
  entryLog?: EntryLog | null;
};

/** How deep and how broad a directory is listed. */
type Extent = Pick<ListingRequest, 'levels' | 'paging'>;

type Walk = { realRoot: Buffer; full: boolean; checksums: boolean } & Required<ListingWitnesses>;

/** What a name on disk turned out to be; `descend`: reached without a link, so its entries may be listed too. */
type Found = { disk: DiskPath; stats: Stats; descend: boolean };

/** BeStMan tells these of every path asked for, whoever owns it. */
const TOP_FIELDS: TopPathFields = {
  fileLocality: 'ONLINE',
  lifetimeLeftS: -1,
  owner: { id: 'owner', mode: 'RWX' },
  group: { id: 'defaultGroup', mode: 'RX' },
  otherMode: 'RX',
};

const TOO_MANY = 'SRM_TOO_MANY_RESULTS';
const NO_SUCH_PATH = 'No such file or directory.';
/** Java's File.exists() is false for all of these. */
const MISSING_CODES = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'ENAMETOOLONG']);

/** The whole answer; a path that can't be listed becomes a status, never an error. */
export function listSurls(
  request: ListingRequest,
  tree: Tree,
  { ranOut = doNothing, entryLog = null }: ListingWitnesses = {},
): LsReply {
  const walk: Walk = {
    realRoot: Buffer.from(tree.realRoot),
    full: request.detail === 'full',
    checksums: tree.checksums,
    ranOut,
    entryLog,
  };
  if (request.surls.length === 0) {
    return { requestStatus: 'SRM_INVALID_REQUEST', explanation: 'No SURL in the request.', paths: [] };
  }
  const { levels, paging } = request;
  if ((paging?.offset ?? 0) < 0 || (paging?.count ?? 0) < 0) {
    return { requestStatus: 'SRM_INVALID_REQUEST', explanation: 'offset and count are 0 or more.', paths: [] };
  }
  const paths = request.surls.map((surl) => describeSurl(surl, { levels, paging }, walk));
  const good = paths.filter(({ status }) => status === SRM_SUCCESS).length;
  if (good === paths.length) return { requestStatus: SRM_SUCCESS, explanation: null, paths };
  return {
    requestStatus: decideRequestStatus(paths, good),
    explanation: `${paths.length - good} of ${paths.length} paths could not be listed.`,
    paths,
  };
}

/** Of a request of which not every path is good. */
function decideRequestStatus(paths: readonly PathDetail[], good: number): string {
  if (paths.some(({ status }) => status === TOO_MANY)) return TOO_MANY;
  return good === 0 ? 'SRM_FAILURE' : 'SRM_PARTIAL_SUCCESS';
}

function describeSurl(surl: string, { levels, paging }: Extent, walk: Walk): PathDetail {
  const surlPath = parseSurlPath(surl);
  if (surlPath === null) return describeFailure(surl, 'SRM_INVALID_PATH', NO_SUCH_PATH);
  const { asked, names } = surlPath;
  return describeOrFail(asked, walk, () => {
    const disk = resolveInside([walk.realRoot.toString(), ...names].join('/'), walk.realRoot);
    if (disk === null) return null;
    const detail = describeFound({ disk, stats: lstatSync(disk), descend: true }, asked, walk);
    if (walk.full) detail.top = TOP_FIELDS;
    if (isDirectory(disk) && levels > 0) addEntries(detail, disk, `/${names.join('/')}`, { levels, paging, walk });
    return detail;
  });
}

/** Lists what is in a directory into its detail. */
function addEntries(
  detail: PathDetail,
  directory: DiskPath,
  shownDirectory: string,
  { levels, paging, walk }: Extent & { walk: Walk },
): void {
  const prefix = shownDirectory === '/' ? '' : shownDirectory;
  const all = readNamesOrNone(directory);
  const names = paging === null ? all : cutPage(all, paging);
  if (names === null) {
    detail.status = TOO_MANY;
    detail.explanation = `The directory has ${all.length} entries: ask for them by offset and count.`;
    return;
  }
  const entries: PathDetail[] = [];
  for (const name of names) {
    const shown = `${prefix}/${showName(name)}`;
    const disk = joinPath(directory, name);
    entries.push(
      describeOrFail(shown, walk, () => {
        const found = findEntry(disk, walk);
        if (found === null) return null;
        const entry = describeFound(found, shown, walk);
        if (isDirectory(disk) && levels > 1 && found.descend) {
          addEntries(entry, disk, shown, { levels: levels - 1, paging: null, walk });
        }
        return entry;
      }),
    );
  }
  if (all.length === 0) detail.explanation = 'Empty dir read from disk';
  if (entries.length > 0) detail.subPaths = entries;
}

/** Null: more than one may have without giving a count. */
function cutPage(names: DiskPath[], { offset, count, mostEntries }: Paging): DiskPath[] | null {
  const from = offset ?? 0;
  if (count !== null) return names.slice(from, from + count);
  const rest = from === 0 ? names : names.slice(from);
  return rest.length > mostEntries ? null : rest;
}

/** A directory that this user may not read looks empty, as in BeStMan. */
function readNamesOrNone(directory: DiskPath): DiskPath[] {
  try {
    return readNames(directory);
  } catch (error) {
    if (systemCodeOf(error) === 'EACCES') return [];
    throw error;
  }
}

function findEntry(disk: DiskPath, walk: Walk): Found | null {
  const stats = lstatSync(disk, { throwIfNoEntry: false });
  if (stats === undefined) return null;
  if (!stats.isSymbolicLink()) return { disk, stats, descend: true };
  const target = resolveInside(disk, walk.realRoot);
  return target === null ? null : { disk: target, stats: lstatSync(target), descend: false };
}

/** `stats`, which says that it exists, was the first question. */
function describeFound({ disk, stats }: Found, shown: string, walk: Walk): PathDetail {
  const isListed = isDirectory(disk);
  return {
    path: shown,
    status: SRM_SUCCESS,
    explanation: 'Read from disk..',
    type: isListed ? 'DIRECTORY' : 'FILE',
    bytes: isListed ? null : length(disk),
    modifiedAtMs: walk.full ? lastModifiedMs(disk) : null,
    checksum: walk.full && walk.checksums && stats.isFile() ? { type: 'md5', value: computeMd5(disk) } : null,
    top: null,
    subPaths: null,
  };
}

/** What `describe` gives; null from it and every error of the file system become the path's status. */
function describeOrFail(shown: string, walk: Walk, describe: () => PathDetail | null): PathDetail {
  walk.entryLog?.begins(shown);
  const detail = tryToDescribe(shown, walk, describe);
  walk.entryLog?.ended(detail);
  return detail;
}

function tryToDescribe(shown: string, { ranOut }: Walk, describe: () => PathDetail | null): PathDetail {
  try {
    return describe() ?? describeFailure(shown, 'SRM_INVALID_PATH', NO_SUCH_PATH);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === undefined) throw error;
    if (isOutOfDescriptors(error)) ranOut();
    if (MISSING_CODES.has(code)) return describeFailure(shown, 'SRM_INVALID_PATH', NO_SUCH_PATH);
    return describeFailure(shown, 'SRM_FAILURE', `The file system said ${code}.`);
  }
}

function describeFailure(path: string, status: string, explanation: string): PathDetail {
  return {
    path,
    status,
    explanation,
    type: null,
    bytes: null,
    modifiedAtMs: null,
    checksum: null,
    top: null,
    subPaths: null,
  };
}

function doNothing(): void {}
