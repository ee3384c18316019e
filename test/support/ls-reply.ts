/** srmLs answers of any size, for services that a test scripts. */

import type { LsReply, PathDetail } from '../../scenarios/srm/ls-reply.ts';

const nothing = { explanation: null, modifiedAtMs: null, checksum: null, top: null };

/** One directory with so many files; `bad` is the status of the file with that index. */
export function lsReply(
  entries: number,
  bad: { index: number; status: string } | null = null,
  prefix = '/d/f',
): LsReply {
  const subPaths = Array.from({ length: entries }, (_, index): PathDetail => {
    const status = bad?.index === index ? bad.status : 'SRM_SUCCESS';
    return { ...nothing, path: `${prefix}${index}`, status, type: 'FILE', bytes: 1, subPaths: null };
  });
  const directory: PathDetail = {
    ...nothing,
    path: '/d',
    status: 'SRM_SUCCESS',
    type: 'DIRECTORY',
    bytes: 0,
    subPaths,
  };
  return { requestStatus: 'SRM_SUCCESS', explanation: null, paths: [directory] };
}
