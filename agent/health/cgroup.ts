/** Which cgroups this process is in, and where their files are: what is asked of one holds for those above it too. */

import { posix } from 'node:path';
import { readText } from './read-text.ts';

export type CgroupFolders = {
  /** Where the cpu controller's files are, this process's own cgroup first, the outermost that can be seen last; none: empty. */
  cpu: string[];
  /** The same for the memory controller. */
  memory: string[];
  /** Of the unified hierarchy (v2), which alone tells pressure; null where it is not mounted. */
  unified: string | null;
};

/** As it is now: a process may be moved. */
export function findCgroups(): CgroupFolders {
  return locateCgroups(readText('/proc/self/cgroup') ?? '', readText('/proc/self/mountinfo') ?? '');
}

/** From the text of /proc/self/cgroup and /proc/self/mountinfo. Where both versions are mounted, one of them has a controller. */
export function locateCgroups(membership: string, mountinfo: string): CgroupFolders {
  const memberships = parseMemberships(membership);
  const mounts = parseMounts(mountinfo);
  const version2 = memberships.find(({ hierarchy }) => hierarchy === '0');
  const unified =
    version2 === undefined
      ? []
      : locate(
          version2.path,
          mounts.filter(({ isUnified }) => isUnified),
        );
  const foldersOf = (controller: Controller): string[] => {
    const version1 = memberships.find(({ controllers }) => controllers.includes(controller));
    const own = mounts.filter(({ controllers }) => controllers.includes(controller));
    return [...(version1 === undefined ? [] : locate(version1.path, own)), ...unified];
  };
  return { cpu: foldersOf('cpu'), memory: foldersOf('memory'), unified: unified[0] ?? null };
}

type Controller = 'cpu' | 'memory';
type Membership = { hierarchy: string; controllers: string[]; path: string };

/** Lines as `4:cpu,cpuacct:/a/b` (v1) and `0::/a/b` (v2). */
function parseMemberships(text: string): Membership[] {
  return text.split('\n').flatMap((line) => {
    const fields = /^(\d+):([^:]*):(\/.*)$/.exec(line);
    if (fields === null) return [];
    const [, hierarchy = '', controllers = '', path = ''] = fields;
    return [{ hierarchy, controllers: controllers.split(','), path }];
  });
}

type Mount = { root: string; point: string; isUnified: boolean; controllers: string[] };

/** `id parent major:minor root point options … - type source options`, as in proc_pid_mountinfo(5). */
function parseMounts(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const [place = '', device = ''] = line.split(' - ');
    const [, , , root = '', point = ''] = place.split(' ').map(unescape);
    const [type, , options = ''] = device.split(' ');
    if (type !== 'cgroup' && type !== 'cgroup2') return [];
    const controllers = type === 'cgroup' ? options.split(',') : [];
    return [{ root, point, isUnified: type === 'cgroup2', controllers }];
  });
}

/** Blanks and such are written in octal: `\040`. */
function unescape(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCodePoint(Number.parseInt(octal, 8)));
}

/** Folders of a cgroup and of those above it, innermost first. A container that sees only its own part has that part's root. */
function locate(path: string, mounts: readonly Mount[]): string[] {
  const mount = mounts.find(({ root }) => isBelow(path, root)) ?? mounts[0];
  if (mount === undefined) return [];
  const { root, point } = mount;
  const names = isBelow(path, root) ? path.slice(root.length).split('/').filter(Boolean) : [];
  return Array.from({ length: names.length + 1 }, (_, above) =>
    posix.join(point, ...names.slice(0, names.length - above)),
  );
}

/** A path with `..` lies outside of what this process may see. */
function isBelow(path: string, root: string): boolean {
  if (path.split('/').includes('..')) return false;
  return root === '/' || path === root || path.startsWith(`${root}/`);
}
